package io.millrace.schemas.config;

import io.millrace.schemas.text.LogSafe;

/** The configuration file is wrong. The message is one line that names the file, the key, what it must be and what it is. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int MAX_CHARS = 2000;

    public ConfigException(String message) {
        super(LogSafe.line(message, MAX_CHARS));
    }

    public ConfigException(String message, Throwable cause) {
        super(LogSafe.line(message, MAX_CHARS), cause);
    }
}
