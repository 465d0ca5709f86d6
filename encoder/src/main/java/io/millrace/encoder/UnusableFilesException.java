package io.millrace.encoder;

import java.util.function.Supplier;

/** The files of a checkpoint are there and can be read, but make no model: the fault is theirs and no setting's. */
public final class UnusableFilesException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UnusableFilesException(IllegalArgumentException cause) {
        super(cause.getMessage(), cause);
    }

    /** What {@code reading} gives, which reads nothing but files. */
    static <T> T ifRefused(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new UnusableFilesException(e);
        }
    }
}
