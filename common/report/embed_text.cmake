# Turns a text file into a C++ source with one constant: cmake -DINPUT= -DOUTPUT= -DHEADER= -DNAME= -P.
file(READ ${INPUT} text)
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace parlando::report {

const char* const ${NAME} = R\"text(${text})text\";

}  // namespace parlando::report
")
