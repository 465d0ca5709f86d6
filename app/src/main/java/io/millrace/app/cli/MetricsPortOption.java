package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.nio.file.Path;

/** A port for the metrics that overrides the one in the configuration. */
final class MetricsPortOption {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description = "Port of the page, /metrics and /health, in place of metrics.port; 0 for any free one.")
    private Integer metricsPort;

    /** Fails if a port was given that is none. */
    void check() {
        Requirements.port(spec, "--metrics-port", metricsPort);
    }

    /** The configuration in {@code file}, with this port if one was given. */
    MillraceConfig read(Path file) {
        check();
        MillraceConfig config = MillraceConfig.read(file);
        return metricsPort == null ? config : config.withMetricsPort(metricsPort);
    }
}
