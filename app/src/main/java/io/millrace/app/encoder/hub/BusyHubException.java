package io.millrace.app.encoder.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The hub answers that it cannot serve the request at present. */
final class BusyHubException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> wait;

    /**
     * An answer.
     *
     * @param wait how long the hub asks to wait, if it says so
     */
    BusyHubException(String message, Optional<Duration> wait) {
        super(message);
        this.wait = wait;
    }

    Optional<Duration> pause() {
        return wait;
    }
}
