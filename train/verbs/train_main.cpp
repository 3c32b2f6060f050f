#include "train/verbs/train_program.h"

int main(int argc, char** argv) {
  return parlando::train::run_train_program(argc, argv);
}
