package io.millrace.local.config;

/** The configuration file is wrong. The message is one line that names the file, the key, what it must be and what it is. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
