# Runs PROGRAM with ARGUMENTS in its own folder and compares what it prints with the file GOLDEN, if that exists.
# UPDATE_GOLDEN=1 in the environment writes the file instead.
cmake_path(GET PROGRAM PARENT_PATH folder)
set(printed ${PROGRAM}.out)
separate_arguments(arguments UNIX_COMMAND "${ARGUMENTS}")
execute_process(
  COMMAND ${PROGRAM} ${arguments}
  WORKING_DIRECTORY ${folder}
  OUTPUT_FILE ${printed}
  RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} ended with ${result}")
endif()

if("$ENV{UPDATE_GOLDEN}" STREQUAL "1")
  configure_file(${printed} ${GOLDEN} COPYONLY)
elseif(EXISTS ${GOLDEN})
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${GOLDEN} ${printed}
                  RESULT_VARIABLE result ERROR_QUIET)
  if(NOT result EQUAL 0)
    execute_process(COMMAND diff -u ${GOLDEN} ${printed})
    message(FATAL_ERROR "the output has changed; if it is right, run again with UPDATE_GOLDEN=1")
  endif()
endif()
