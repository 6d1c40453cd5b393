# Uses the project as a stranger would, in the WAY of that name: builds and runs tests/package/WAY.
set(work ${BINARY_DIR}/tests/package/${WAY})
file(REMOVE_RECURSE ${work})

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

if(WAY STREQUAL "find_package")
  run(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${work}/prefix)
  # Moved, because an installed package must not remember where it was made.
  file(RENAME ${work}/prefix ${work}/moved)
endif()
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/tests/package/${WAY} -B ${work}/build -G ${GENERATOR}
    -D CMAKE_CXX_COMPILER=${CXX} -D CMAKE_PREFIX_PATH=${work}/moved -D
    AUTOGRAD_DIRECTORY=${SOURCE_DIR})
run(${CMAKE_COMMAND} --build ${work}/build)
run(${work}/build/consumer)
