@0xd7b1f4a3c0e85a03;
# Unions with and without names, groups, and what is nested.

struct Shape {
  # A shape.

  area @0 :Float64;

  union {
    nothing @1 :Void;
    # No shape at all.
    circle @2 :Float64;
    # Its radius.
    square :group {
      # A group in the union.
      side @3 :Float64;
      rotated @4 :Bool = true;
    }
    name @5 :Text;
    pixels @6 :Data;
    outline @7 :List(Shape);
    inner @8 :Shape;
    any @9 :AnyPointer;
    kind @10 :Kind;
  }

  tag :union {
    # A union with a name.
    number @11 :UInt32;
    text @12 :Text;
    deep :group {
      # A group in it.
      union {
        left @13 :Int16;
        right @14 :Int16;
      }
    }
  }

  enum Kind {
    plain @0;
    httpURL @1;
    # Two words.
  }

  struct Corner {
    # Nested, and nests.
    x @0 :Int32 = 7;
    struct Mark {
      text @0 :Text;
      kind @1 :Kind;
    }
    marks @1 :List(Mark);
  }
  corner @15 :Corner;
}
