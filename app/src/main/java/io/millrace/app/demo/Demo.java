package io.millrace.app.demo;

import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MetricsConfig;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.config.TaskConfig;
import io.millrace.app.console.Format;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.log.LogSettings;
import io.millrace.app.metrics.MetricsEndpoint;
import io.millrace.app.metrics.ProcessMetrics;
import io.millrace.app.page.LivePage;
import io.millrace.app.produce.ProbeFile;
import io.millrace.app.produce.ProbeTopic;
import io.millrace.app.service.LocalServices;
import io.millrace.app.service.LocalStack;
import io.millrace.app.service.ServiceListener;
import io.millrace.app.service.ShutdownHook;
import io.millrace.ingest.file.ByteLines;
import io.millrace.schemas.kafka.KafkaConnection;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/**
 * The demo: runs everything in one process, streams the shipped examples, and prints the events of the topics. It reads
 * and writes topics as any user would.
 */
public final class Demo {

    private final DemoOptions options;
    private final ProgressPrinter printer;
    private final DataDirectory data;

    public Demo(DemoOptions options) throws IOException {
        this.options = options;
        this.printer =
                new ProgressPrinter(options.console().out(), options.console().terminal());
        this.data = new DataDirectory(
                options.data().isPresent() ? options.data().get() : Files.createTempDirectory("millrace-demo-"));
    }

    /** Runs until Ctrl-C, or until the whole stream is processed if that was asked for. */
    public void run() throws IOException, InterruptedException, ExecutionException {
        MillraceConfig config = options.applyTo(DemoSetup.prepare(data, options.wanted()));
        LogSettings.file(data.logFile());
        DemoLedger ledger = new DemoLedger();
        printer.line("Starting a broker, ingest, trainer and evaluator ...");
        try (ShutdownHook stop = new ShutdownHook();
                ProcessMetrics metrics = new ProcessMetrics("local");
                LocalStack stack =
                        LocalStack.open(config, data.broker(), options.ports().broker())) {
            KafkaConnection kafka = stack.config().kafka();
            loadProbeSets(kafka);
            try (EventFeed feed = new EventFeed(kafka, DemoFiles.TASK);
                    DemoStream stream =
                            DemoStream.open(kafka, options.limit(), total -> wrongLabels(stack.config(), total))) {
                feed.readPast(ledger);
                try (StreamEnd end = new StreamEnd(kafka, metrics.registry(), ledger.nextOffset());
                        LivePage page = new LivePage("local", stack.config(), metrics.registry());
                        LocalServices services =
                                stack.startServices(metrics.registry(), ServiceListener.NONE.andSteps(page.steps()));
                        MetricsEndpoint endpoint = listen(
                                config.metrics(),
                                new MetricsEndpoint.Served(metrics.registry(), services::alive, page.handler()))) {
                    if (endpoint.page().isPresent()) {
                        page.follow(kafka);
                    }
                    introduce(kafka, endpoint, stream, ledger);
                    DemoRun run = new DemoRun(printer, ledger, stream, services, metrics.registry(), config.store());
                    run.follow(feed, end, stop, options.exitWhenDone());
                }
            }
        }
    }

    /** A demo should start even beside another: only a port that was asked for must be free. */
    private MetricsEndpoint listen(MetricsConfig config, MetricsEndpoint.Served served) {
        if (options.ports().metrics().isPresent()) {
            return MetricsEndpoint.start(config, served);
        }
        MetricsEndpoint endpoint = MetricsEndpoint.startNear(config, served);
        if (config.listenPort() != 0 && endpoint.port() != config.listenPort()) {
            printer.line("Port " + config.listenPort() + " is in use: page and metrics are on " + endpoint.port()
                    + ". --metrics-port chooses another.");
        }
        return endpoint;
    }

    private WrongLabels wrongLabels(MillraceConfig config, long total) {
        TaskConfig task = Objects.requireNonNull(config.tasks().get(DemoFiles.TASK), "the demo has one task");
        return new WrongLabels(task.labels(), total / 4, options.wrongLabels());
    }

    private void introduce(KafkaConnection kafka, MetricsEndpoint endpoint, DemoStream stream, DemoLedger ledger) {
        printer.line("stream       " + Format.text("%,d", stream.total())
                + " requests of 150 intents: five domains, and from number "
                + Format.text("%,d", DemoFiles.EXAMPLES_BEFORE_SHIFT + 1) + " on five more");
        if (stream.wrong().count() > 0) {
            printer.line(Format.text(
                    "wrong labels %,d requests, from number %,d on",
                    stream.wrong().count(), stream.wrong().first() + 1));
        }
        printer.line("broker       " + kafka.bootstrapServers());
        endpoint.page().ifPresent(at -> printer.line("page         " + at));
        printer.line("metrics      " + endpoint.address());
        printer.line("checkpoints  " + data.store());
        printer.line("settings     " + data.root().resolve(DemoFiles.CONFIG));
        printer.line("log          " + data.logFile());
        if (stream.sent() > 0) {
            printer.line(Format.text(
                    "resumes      after step %,d; %,d requests were sent before", ledger.steps(), stream.sent()));
        }
        printer.line("Ctrl-C ends it" + (options.data().isPresent() ? "; a second start resumes." : "."));
        printer.line("");
    }

    private static void loadProbeSets(KafkaConnection kafka) throws IOException {
        for (ProbeFile probeSet : DemoFiles.probeSets()) {
            try (ByteLines lines = DemoFiles.lines(probeSet.probeSet())) {
                ProbeTopic.replace(kafka, probeSet, probeSet.read(lines));
            }
        }
    }
}
