package io.millrace.app.cli;

import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.log.LogSettings;
import io.millrace.app.metrics.MetricsEndpoint;
import io.millrace.app.metrics.ProcessMetrics;
import io.millrace.app.narration.Narrator;
import io.millrace.app.page.LivePage;
import io.millrace.app.service.LocalServices;
import io.millrace.app.service.LocalStack;
import io.millrace.app.service.ShutdownHook;
import io.millrace.schemas.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code millrace local}. */
@Command(
        name = "local",
        description = {
            "Run a Kafka broker and all three services in this process, until Ctrl-C or SIGTERM.",
            "Produce to it from another terminal: millrace produce FILE --task TASK --bootstrap-server HOST:PORT"
        })
public final class LocalCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The configuration file; of its key kafka only prefix is used.")
    private Path file;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of broker, state stores and checkpoints, in place of store and ingest.stateDir."
                    + " A second start resumes where the first was stopped or killed."
                    + " Without it the broker lives in millrace-data, beside the configuration file.")
    private Path data;

    @Mixin
    private PortOption port;

    @Mixin
    private MetricsPortOption metricsPort;

    @Mixin
    private NarrationOption narration;

    @Override
    public Integer call() throws Exception {
        int brokerPort = port.port();
        metricsPort.check();
        Requirements.directory(spec, "--data", data);
        MillraceConfig withPort = metricsPort.read(file);
        DataDirectory directory =
                new DataDirectory(data == null ? ConfigFile.folderOf(file).resolve("millrace-data") : data);
        MillraceConfig config = data == null ? withPort : withPort.withDirectories(directory);
        LogSettings.file(directory.logFile());
        try (ShutdownHook stop = new ShutdownHook();
                ProcessMetrics metrics = new ProcessMetrics("local");
                LocalStack stack = LocalStack.open(config, directory.broker(), brokerPort);
                Narrator narrator = narration.open(config, metrics.registry(), /* bar */ true);
                LivePage page = new LivePage("local", stack.config(), metrics.registry());
                LocalServices services = stack.startServices(metrics.registry(), narrator.andSteps(page.steps()));
                MetricsEndpoint endpoint = MetricsEndpoint.start(
                        config.metrics(),
                        new MetricsEndpoint.Served(metrics.registry(), services::alive, page.handler()))) {
            if (endpoint.page().isPresent()) {
                page.follow(stack.config().kafka());
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println("broker       " + stack.config().kafka().bootstrapServers());
            if (!stack.config().kafka().prefix().isEmpty()) {
                out.println("prefix       " + stack.config().kafka().prefix());
            }
            endpoint.page().ifPresent(at -> out.println("page         " + at));
            out.println("metrics      " + endpoint.address());
            out.println("checkpoints  " + config.store());
            out.println("log          " + directory.logFile());
            out.println("send         ./millrace produce FILE --task "
                    + config.tasks().keySet().iterator().next() + " --bootstrap-server "
                    + stack.config().kafka().bootstrapServers());
            out.println("Ctrl-C ends it.");
            narrator.start();
            stop.await(services.terminated());
        }
        return 0;
    }
}
