@0xd7b1f4a3c0e85a02;
# What other files import.

enum Color {
  # A colour.
  red @0;
  # Like blood.
  green @1;
  blue @2;
  darkBlue @4;
  # Declared last, but shown before.
  lightGreen @3;
}

struct Point {
  x @0 :Float32;
  # To the right.
  y @1 :Float32;
  label @2 :Text;
}

struct Reading {
  # Another file has a struct of the same name.
  value @0 :Float64;
}
