package io.millrace.app.fuzz;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Something that reads bytes from outside. Targets of classes that a module keeps to itself lie in that module's
 * package, but all of them here, where the rest of fuzzing is.
 */
public interface FuzzTarget {

    /** What no message may hold: control characters, ends of lines, changes of the writing direction, half a character. */
    Pattern DECEPTIVE = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]");

    /** Good inputs of every kind, to start from. */
    List<byte[]> seeds() throws IOException;

    /**
     * Has {@code input} read, and checks what comes of it.
     *
     * @return whether it was read; if not, it was refused in the documented way
     * @throws AssertionError if what came of it must never come of any input
     */
    boolean accepts(byte[] input) throws IOException;
}
