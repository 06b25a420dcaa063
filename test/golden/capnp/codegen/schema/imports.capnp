@0xd7b1f4a3c0e85a0d;
# Imports from the import path, and what another file imported.

using Example = import "/capnp/example.capnp".Example;
using Unions = import "unions.capnp";
using Mark = Unions.Shape.Corner.Mark;

struct Imports {
  example @0 :Example;
  parts @1 :List(Example.Part);
  mark @2 :Mark;
  kind @3 :Unions.Shape.Kind;
}
