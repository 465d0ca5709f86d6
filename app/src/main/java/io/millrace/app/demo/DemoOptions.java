package io.millrace.app.demo;

import io.millrace.app.config.MillraceConfig;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The options of the demo.
 *
 * @param data the data directory; a new temporary one if absent
 * @param wanted {@code method}, {@code device} and {@code encoder}, where they differ from the shipped ones
 * @param limit how many lines of the stream to send at most
 * @param wrongLabels how many lines get a wrong label
 * @param exitWhenDone whether to end once the whole stream is processed
 * @param ports ports of the broker and the metrics
 * @param console where to print
 */
public record DemoOptions(
        Optional<Path> data,
        Map<String, String> wanted,
        long limit,
        long wrongLabels,
        boolean exitWhenDone,
        ListenPorts ports,
        Console console) {

    public DemoOptions {
        wanted = Map.copyOf(wanted);
    }

    /**
     * Ports on 127.0.0.1; 0 takes any free one.
     *
     * @param broker port of the broker
     * @param metrics port of the metrics, in place of the configured one
     */
    public record ListenPorts(int broker, Optional<Integer> metrics) {}

    /**
     * Where the demo prints.
     *
     * @param out takes the lines
     * @param terminal whether that is a terminal
     */
    public record Console(PrintWriter out, boolean terminal) {}

    MillraceConfig applyTo(MillraceConfig config) {
        return ports.metrics().map(config::withMetricsPort).orElse(config);
    }
}
