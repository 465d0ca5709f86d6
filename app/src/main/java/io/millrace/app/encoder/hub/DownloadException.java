package io.millrace.app.encoder.hub;

import org.jspecify.annotations.Nullable;

/** An encoder cannot be downloaded. The message says why and what to do; trying again at once changes nothing. */
public final class DownloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DownloadException(String message) {
        super(message);
    }

    DownloadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
