package io.millrace.app.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import io.millrace.schemas.text.LogSafe;

import java.util.Locale;

/**
 * The outcome of one check.
 *
 * @param level how grave it is
 * @param subject the thing that was checked
 * @param text what was found; if something is wrong, also what to do
 */
public record Finding(Level level, String subject, String text) {

    private static final int MAX_TEXT_CHARS = 4000;

    /** How grave a finding is; the word as it is printed. */
    public enum Level {
        OK("ok"),
        WARN("warn"),
        FAIL("FAIL");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /** The word in JSON. */
        @JsonValue
        String json() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text);
    }

    static Finding warn(String subject, String text) {
        return new Finding(Level.WARN, subject, text);
    }

    static Finding fail(String subject, String text) {
        return new Finding(Level.FAIL, subject, text);
    }

    /** With the reasons of a failure: the outermost message alone mostly says only where it surfaced. */
    static Finding fail(String subject, String text, Throwable failure) {
        return fail(subject, text + ": " + reasons(failure));
    }

    /** The finding on one line. */
    public String line() {
        return String.format(Locale.ROOT, "%-4s  %s: %s", level.word, subject, LogSafe.line(text, MAX_TEXT_CHARS));
    }

    static String reasons(Throwable failure) {
        String message = failure.getMessage();
        String own = message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", " ");
        Throwable cause = failure.getCause();
        if (cause == null) {
            return own;
        }
        String deeper = reasons(cause);
        // Many wrappers repeat the message of what they wrap.
        return own.contains(deeper) ? own : own + ": " + deeper;
    }
}
