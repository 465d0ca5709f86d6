package io.millrace.app.cli;

import io.millrace.app.config.MetricsConfig;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.log.LogSettings;
import io.millrace.app.metrics.MetricsEndpoint;
import io.millrace.app.metrics.ProcessMetrics;
import io.millrace.app.narration.Narrator;
import io.millrace.app.page.LivePage;
import io.millrace.app.service.RunningService;
import io.millrace.app.service.ShutdownHook;
import io.millrace.schemas.kafka.KafkaConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Runs one service as a process of its own until it is stopped or fails. */
abstract class ServiceCommand implements Callable<Integer>, BrokerCommand {

    private final String name;
    private final RunningService.Starter starter;

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "The configuration file.")
    private Path file;

    @Mixin
    private MetricsPortOption metricsPort;

    @Mixin
    private NarrationOption narration;

    private @Nullable KafkaConnection kafka;

    ServiceCommand(String name, RunningService.Starter starter) {
        this.name = name;
        this.starter = starter;
    }

    @Override
    public Optional<KafkaConnection> kafka() {
        return Optional.ofNullable(kafka);
    }

    @Override
    public Integer call() throws Exception {
        MillraceConfig config = metricsPort.read(file);
        MetricsConfig endpointConfig = config.metrics().of(name);
        KafkaConnection connection = config.kafka();
        kafka = connection;
        try (ShutdownHook stop = new ShutdownHook();
                ProcessMetrics metrics = new ProcessMetrics(name);
                Narrator narrator = narration.open(config, metrics.registry(), /* bar */ false)) {
            BrokerOptions.createTopics(connection);
            LogSettings.service();
            try (LivePage page = new LivePage(name, config, metrics.registry());
                    RunningService service =
                            starter.start(config, metrics.registry(), narrator.andSteps(page.steps()));
                    MetricsEndpoint endpoint = MetricsEndpoint.start(
                            endpointConfig,
                            new MetricsEndpoint.Served(metrics.registry(), service::alive, page.handler()))) {
                if (endpoint.page().isPresent()) {
                    page.follow(connection);
                }
                spec.commandLine()
                        .getOut()
                        .println(name + " runs against " + connection.bootstrapServers() + ", "
                                + endpoint.page()
                                        .map(at -> "page at " + at + ", ")
                                        .orElse("")
                                + "metrics at " + endpoint.address() + "; Ctrl-C ends it");
                narrator.start();
                stop.await(service.terminated());
            }
        }
        return 0;
    }
}
