package io.millrace.app.access;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilder;
import org.apache.logging.log4j.core.config.builder.api.ConfigurationBuilderFactory;
import org.apache.logging.log4j.core.config.builder.impl.BuiltConfiguration;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Everything that is logged at DEBUG or above by anyone in this process, with stack traces, and everything that is printed. */
final class LogCapture implements AutoCloseable {

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final PrintStream printed;

    private LogCapture(PrintStream printed) {
        this.printed = printed;
    }

    /** Starts to capture into two files. */
    static LogCapture start(Path logged, Path printed) throws IOException {
        ConfigurationBuilder<BuiltConfiguration> builder = ConfigurationBuilderFactory.newConfigurationBuilder();
        builder.add(builder.newAppender("file", "File")
                .addAttribute("fileName", logged)
                .add(builder.newLayout("PatternLayout").addAttribute("pattern", "%p %c: %m%n%ex")));
        builder.add(builder.newRootLogger(Level.DEBUG).add(builder.newAppenderRef("file")));
        Configurator.reconfigure(builder.build());
        LogCapture capture = new LogCapture(new PrintStream(printed.toFile(), StandardCharsets.UTF_8));
        System.setOut(capture.printed);
        System.setErr(capture.printed);
        return capture;
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
        printed.close();
        ((LoggerContext) LogManager.getContext(false)).reconfigure();
    }
}
