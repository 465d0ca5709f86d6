package io.millrace.app.log;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;

import java.nio.file.Path;

/**
 * What {@code log4j2.xml} logs to which place. It reads system properties, so each may also be set with {@code -D}; the
 * first value wins. Without any of these methods the console shows warnings of Millrace and errors of others.
 */
public final class LogSettings {

    private static final String LEVEL = "millrace.log.level";
    private static final String CONSOLE = "millrace.log.console";
    private static final String CONSOLE_OTHERS = "millrace.log.console.others";
    private static final String STACK = "millrace.log.stack";
    private static final String FILE = "millrace.log.file";

    private LogSettings() {}

    /** Everything of Millrace and the warnings of others on the console, with stack traces. */
    public static void verbose() {
        set(LEVEL, "debug");
        set(CONSOLE, "debug");
        set(CONSOLE_OTHERS, "warn");
        set(STACK, "full");
    }

    /** For a service of its own: its console is its log. */
    public static void service() {
        set(CONSOLE, "info");
        set(CONSOLE_OTHERS, "warn");
        reconfigure();
    }

    /** For a process with a data directory: a log file, and on the console only the warnings of Millrace. */
    public static void file(Path file) {
        System.setProperty(FILE, file.toString());
        set(CONSOLE_OTHERS, "off");
        reconfigure();
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private static void reconfigure() {
        ((LoggerContext) LogManager.getContext(false)).reconfigure();
    }
}
