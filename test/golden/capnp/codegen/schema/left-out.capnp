@0xd7b1f4a3c0e85a07;
# What no code is generated for, amid what there is.

annotation note @0xd7b1f4a3c0e85a17 (*) :Text;

interface Calculator {
  # Adds.
  add @0 (a :Float64, b :Float64) -> (sum :Float64);

  struct Inside {
    # Declared in an interface, and no part of its calls.
    value @0 :Int32;
  }
  const limit :Int32 = 5;
}

struct Partly $note("skipped") {
  before @0 :Int32 $note("skipped as well");
  calculator @1 :Calculator;
  # Left out.
  calculators @2 :List(Calculator);
  anyCapability @3 :Capability;
  inside @4 :Calculator.Inside;
  union {
    number @5 :Int32;
    call @6 :Calculator;
    calls @7 :List(List(Calculator));
  }
}
