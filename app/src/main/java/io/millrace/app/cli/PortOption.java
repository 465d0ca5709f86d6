package io.millrace.app.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The port of a broker that a command starts itself. */
final class PortOption {

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of the broker on 127.0.0.1; 0, the default, for any free one.")
    private int port;

    /** The port, once it is known to be one. */
    int port() {
        Requirements.port(spec, "--port", port);
        return port;
    }
}
