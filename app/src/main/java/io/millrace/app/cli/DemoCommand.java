package io.millrace.app.cli;

import io.millrace.app.demo.Demo;
import io.millrace.app.demo.DemoOptions;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.trainer.config.Method;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace demo}. */
@Command(
        name = "demo",
        description = {
            "Start everything in this process, stream the shipped examples through it, and show what happens.",
            "15,000 requests of 150 intents; after 5,025 of them five new domains arrive, and accuracy falls and recovers."
        })
public final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Directory of broker, state stores and checkpoints. A second start resumes where the first was"
                            + " stopped or killed. Default: a new directory for temporary files, which is kept.")
    private Path data;

    @Option(names = "--exit-when-done", description = "Exit at the end of the stream; otherwise run until Ctrl-C.")
    private boolean exitWhenDone;

    @Option(names = "--limit", paramLabel = "N", description = "Send no more than the first N examples.")
    private Long limit;

    @Option(
            names = "--wrong-labels",
            paramLabel = "N",
            description = "Give N examples in a row a wrong label, after a quarter of the stream, and watch the gate.")
    private long wrongLabels;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description =
                    "plain, masked-tokens, mask-tuning, smart, masked-tokens+smart or mask-tuning+smart; default smart.")
    private String method;

    @Option(
            names = "--encoder",
            paramLabel = "DIR",
            description = "Start from this encoder instead of the shipped one; the step size is then a quarter of the"
                    + " demo's. A larger one takes longer: see --limit.")
    private Path encoder;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description = "auto (the first GPU if there is one, else the CPU), cpu or cuda:N; default auto.")
    private String device;

    @Mixin
    private PortOption port;

    @Option(
            names = "--metrics-port",
            paramLabel = "PORT",
            description =
                    "Port of the page, /metrics and /health; 0 for any free one. Default 9404, or the next that is free.")
    private Integer metricsPort;

    @Override
    public Integer call() throws Exception {
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be above 0, got " + limit);
        }
        if (wrongLabels < 0) {
            throw new ParameterException(spec.commandLine(), "--wrong-labels must be at least 0, got " + wrongLabels);
        }
        int brokerPort = port.port();
        Requirements.port(spec, "--metrics-port", metricsPort);
        Requirements.directory(spec, "--data", data);
        Requirements.directory(spec, "--encoder", encoder);
        new Demo(new DemoOptions(
                        Optional.ofNullable(data),
                        wanted(),
                        limit == null ? Long.MAX_VALUE : limit,
                        wrongLabels,
                        exitWhenDone,
                        new DemoOptions.ListenPorts(brokerPort, Optional.ofNullable(metricsPort)),
                        new DemoOptions.Console(spec.commandLine().getOut(), Boolean.getBoolean("millrace.terminal"))))
                .run();
        return 0;
    }

    private Map<String, String> wanted() {
        Map<String, String> wanted = new HashMap<>();
        try {
            if (method != null) {
                wanted.put("method", Method.of(method).wireName());
            }
            if (encoder != null) {
                wanted.put("encoder", encoder.toAbsolutePath().normalize().toString());
            }
            if (device != null) {
                wanted.put("device", new Compute(device, Precision.BF16).device());
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return wanted;
    }
}
