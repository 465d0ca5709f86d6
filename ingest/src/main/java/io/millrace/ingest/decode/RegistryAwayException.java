package io.millrace.ingest.decode;

import org.jspecify.annotations.Nullable;

/** The schema registry has not answered for too long. Nothing may be rejected for that: ingest stops, and reads the records again. */
public final class RegistryAwayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegistryAwayException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
