package io.millrace.app.demo;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.service.LocalServices;
import io.millrace.app.service.ShutdownHook;
import io.millrace.schemas.ModelUpdate;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;

/** The run of the demo, from the first line of the stream to the closing table. */
final class DemoRun {

    private static final int LINES_A_TURN = 500;
    private static final Duration TURN = Duration.ofMillis(200);

    private final ProgressPrinter screen;
    private final DemoLedger ledger;
    private final DemoStream stream;
    private final LocalServices services;
    private final MeterRegistry metrics;
    private final Path store;
    private final long trainedBefore;
    private final long startedNanos = System.nanoTime();
    private long trained;
    private long lastTrainedNanos = startedNanos;

    DemoRun(
            ProgressPrinter screen,
            DemoLedger ledger,
            DemoStream stream,
            LocalServices services,
            MeterRegistry metrics,
            Path store) {
        this.screen = screen;
        this.ledger = ledger;
        this.stream = stream;
        this.services = services;
        this.metrics = metrics;
        this.store = store;
        this.trainedBefore = ledger.examplesThrough(ledger.steps());
    }

    /**
     * Sends the stream and shows what comes of it. The closing table stands at the end of the stream, or where the run was
     * stopped before.
     *
     * @param exitWhenDone whether to return at the end of the stream; otherwise it goes on until it is stopped
     */
    void follow(EventFeed feed, StreamEnd end, ShutdownHook stop, boolean exitWhenDone)
            throws IOException, InterruptedException, ExecutionException {
        DemoConsole console = new DemoConsole(screen, ledger);
        boolean through = false;
        while (!stop.requested() && !(through && exitWhenDone)) {
            if (services.terminated().isDone()) {
                services.terminated().get();
            }
            stream.sendSome(LINES_A_TURN);
            feed.poll(TURN, console);
            if (!through) {
                showProgress();
                through = stream.atEnd() && end.reached(ledger, services);
                if (through) {
                    close(exitWhenDone ? "" : "The stream has ended. Everything goes on until Ctrl-C.");
                }
            }
        }
        if (!through) {
            close("Stopped before the end of the stream.");
        }
    }

    private void showProgress() {
        long now = RunFigures.trained(metrics);
        if (now > trained) {
            trained = now;
            lastTrainedNanos = System.nanoTime();
        }
        screen.progress(DemoLines.progress(trainedBefore + trained, stream.total(), examplesPerSecond()));
    }

    private double examplesPerSecond() {
        double seconds = (lastTrainedNanos - startedNanos) / 1e9;
        return trained == 0 ? 0 : trained / seconds;
    }

    private void close(String remark) {
        screen.endProgress();
        screen.line("");
        ClosingTable.scores(ledger.evaluations()).lines().forEach(screen::line);
        screen.line("");
        screen.line("test-then-train  "
                + ClosingTable.prequentialAccuracy(ledger.checkpoints(), DemoFiles.EXAMPLES_BEFORE_SHIFT));
        screen.line("examples         " + counts(RunFigures.of(metrics)));
        screen.line("speed            " + DemoLines.format("%.0f examples a second", examplesPerSecond()));
        long uptimeMs = ManagementFactory.getRuntimeMXBean().getUptime();
        OptionalLong memory = RunFigures.peakMemoryMib();
        screen.line("wall time        " + DemoLines.duration(uptimeMs / 1000)
                + (memory.isPresent() ? DemoLines.format(", peak memory %,d MiB", memory.getAsLong()) : ""));
        Optional<ModelUpdate> published = ledger.lastPublished();
        published.ifPresent(update -> screen.line("try the model    ./millrace predict --checkpoint "
                + store.resolve(update.model().location()) + " \"what is the weather in oslo\""));
        if (!remark.isEmpty()) {
            screen.line("");
            screen.line(remark);
        }
    }

    private static String counts(RunFigures figures) {
        return DemoLines.format(
                "received %,d = accepted %,d + rejected %,d + duplicate %,d; trained %,d, quarantined %,d",
                figures.received(),
                figures.accepted(),
                figures.rejected(),
                figures.duplicate(),
                figures.trained(),
                figures.quarantined());
    }
}
