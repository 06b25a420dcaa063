@0xd7b1f4a3c0e85a0e;
# Stands for a file of Cap'n Proto itself, which the tool finds on its import path.

struct Example {
  struct Part {
    value @0 :Int32;
  }
  parts @0 :List(Part);
}
