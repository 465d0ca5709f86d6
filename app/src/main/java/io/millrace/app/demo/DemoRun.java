package io.millrace.app.demo;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.console.Format;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.narration.EventLines;
import io.millrace.app.narration.RunFigures;
import io.millrace.app.narration.ScoreBoard;
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

    private final ProgressPrinter printer;
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
            ProgressPrinter printer,
            DemoLedger ledger,
            DemoStream stream,
            LocalServices services,
            MeterRegistry metrics,
            Path store) {
        this.printer = printer;
        this.ledger = ledger;
        this.stream = stream;
        this.services = services;
        this.metrics = metrics;
        this.store = store;
        this.trainedBefore = ledger.examplesThrough(ledger.steps());
    }

    /**
     * Sends the stream and shows the results. The closing table comes at the end of the stream, or where the run was
     * stopped before.
     *
     * @param exitWhenDone whether to return at the end of the stream; otherwise it runs until it is stopped
     */
    void follow(EventFeed feed, StreamEnd end, ShutdownHook stop, boolean exitWhenDone)
            throws IOException, InterruptedException, ExecutionException {
        DemoConsole console = new DemoConsole(printer, ledger, new EventLines(false));
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
                    close(exitWhenDone ? "" : "The stream has ended. Everything keeps running until Ctrl-C.");
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
            if (trained == 0) {
                // To the turn, 0.2 s.
                printer.line(Format.text("first step   %.1f s after the start", uptimeMs() / 1e3));
            }
            trained = now;
            lastTrainedNanos = System.nanoTime();
        }
        printer.progress(DemoLines.progress(trainedBefore + trained, stream.total(), examplesPerSecond()));
    }

    private static long uptimeMs() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }

    private double examplesPerSecond() {
        double seconds = (lastTrainedNanos - startedNanos) / 1e9;
        return trained == 0 ? 0 : trained / seconds;
    }

    private void close(String remark) {
        printer.endProgress();
        printer.line("");
        ScoreBoard.of(ledger.evaluations()).table().lines().forEach(printer::line);
        printer.line("");
        printer.line("test-then-train  "
                + ClosingTable.prequentialAccuracy(ledger.checkpoints(), DemoFiles.EXAMPLES_BEFORE_SHIFT));
        RunFigures figures = RunFigures.of(metrics);
        printer.line("examples         " + figures.ingested() + "; " + figures.learned());
        printer.line("speed            " + Format.text("%.0f examples per second", examplesPerSecond()));
        OptionalLong memory = RunFigures.peakMemoryMib();
        printer.line("wall time        " + Format.duration(uptimeMs() / 1000)
                + (memory.isPresent() ? Format.text(", peak memory %,d MiB", memory.getAsLong()) : ""));
        Optional<ModelUpdate> published = ledger.lastPublished();
        published.ifPresent(update -> printer.line("try the model    ./millrace predict --checkpoint "
                + store.resolve(update.model().location()) + " \"what is the weather in oslo\""));
        if (!remark.isEmpty()) {
            printer.line("");
            printer.line(remark);
        }
    }
}
