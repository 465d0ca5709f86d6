package io.millrace.schemas.store;

/**
 * The files of a directory make no checkpoint that this encoder can run: one is missing, torn, contradicts another, or asks for
 * arithmetic that is not there. It stays so until the files change; settings and the machine have no part in it.
 */
public class UnusableCheckpointException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * A verdict on files.
     *
     * @param message which file, what was expected, what it holds, and what to do
     */
    public UnusableCheckpointException(String message) {
        super(message);
    }

    /** As above, for a fault that another exception found. */
    public UnusableCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
