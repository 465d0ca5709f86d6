package io.millrace.trainer.drift.detector;

/**
 * Saves or restores state. A stateful class lists its fields once, in a method that serves both: a memory that saves takes each value and
 * returns it unchanged, one that restores returns the value of that name that was saved. Arrays have a fixed length and are filled in place.
 */
public interface Memory {

    /** A whole number. */
    long number(String name, long value);

    /** A finite number, restored to the last bit. */
    double real(String name, double value);

    /** A flag. */
    default boolean flag(String name, boolean value) {
        return number(name, value ? 1 : 0) != 0;
    }

    /** A text; an empty one stands for none. */
    String text(String name, String value);

    /** Whole numbers. */
    void numbers(String name, long[] values);

    /** Finite numbers, restored to the last bit. */
    void reals(String name, double[] values);

    /** Texts; an empty one stands for none. */
    void texts(String name, String[] values);

    /** The part of the memory that belongs to {@code name}. */
    Memory within(String name);
}
