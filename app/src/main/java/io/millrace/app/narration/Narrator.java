package io.millrace.app.narration;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.console.Format;
import io.millrace.app.console.ProgressPrinter;
import io.millrace.app.service.ServiceListener;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.RequestOutcome;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells on the console what the services of this process do: every event at once, progress and rejections every ten seconds, and a
 * summary when it is closed. On a terminal the last line shows the progress all the time. Close it after the services: the
 * events of their end belong to it too.
 */
public final class Narrator implements ServiceListener, AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration BAR_EVERY = Duration.ofSeconds(1);

    private final Manner manner;
    private final ProgressPrinter printer;
    private final MeterRegistry metrics;
    private final Path store;
    private final EventLines events;
    private final ProgressLines progress;
    private final RejectionLines rejections;
    private final RunSummary summary = new RunSummary();
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "narrator");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * How to tell.
     *
     * @param quiet whether to tell nothing
     * @param bar whether the last line shows the progress all the time, as only a terminal can
     * @param severalTasks whether each line names its task
     */
    public record Manner(boolean quiet, boolean bar, boolean severalTasks) {}

    /**
     * Tells nothing before {@link #start}.
     *
     * @param metrics the meters of this process
     * @param store where the models are
     */
    public Narrator(Manner manner, ProgressPrinter printer, MeterRegistry metrics, Path store) {
        this.manner = manner;
        this.printer = printer;
        this.metrics = metrics;
        this.store = store;
        events = new EventLines(manner.severalTasks());
        progress = new ProgressLines(metrics, System.nanoTime());
        rejections = new RejectionLines(metrics);
    }

    /** Tells of progress from now on. */
    public void start() {
        if (manner.quiet()) {
            return;
        }
        schedule(this::tellProgress, EVERY);
        if (manner.bar()) {
            schedule(this::showBar, BAR_EVERY);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the executor, and throws nothing
    private void schedule(Runnable task, Duration every) {
        ticker.scheduleAtFixedRate(task, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tells what has changed since the last call. A bar shows the progress anyway, so only rejections are left for a line. */
    synchronized void tellProgress() {
        if (!manner.bar()) {
            print(progress.changed(System.nanoTime()));
        }
        print(rejections.since());
    }

    private synchronized void showBar() {
        printer.progress(progress.status(System.nanoTime()));
    }

    @Override
    public synchronized void checkpoint(CheckpointAnnouncement announcement) {
        summary.checkpoint(announcement);
        print(events.checkpoint(announcement, Format.text("%,7d examples", announcement.examples())));
    }

    /** The verdict repeats its scores, and one line of them is enough. */
    @Override
    public synchronized void evaluation(CheckpointEvaluation evaluation) {
        summary.evaluation(evaluation.checkpoint().task(), evaluation.scores());
    }

    @Override
    public synchronized void drift(DriftEvent event) {
        print(events.drift(event));
    }

    @Override
    public synchronized void modelUpdate(ModelUpdate update) {
        summary.modelUpdate(update);
        print(events.modelUpdate(update));
    }

    @Override
    public synchronized void request(RequestOutcome outcome) {
        print(events.request(outcome));
    }

    private void print(List<String> lines) {
        if (!manner.quiet()) {
            lines.forEach(printer::line);
        }
    }

    /** Tells what is left to tell, and the summary. */
    @Override
    public void close() {
        ticker.shutdownNow();
        if (!manner.quiet()) {
            tellEnd();
        }
    }

    private synchronized void tellEnd() {
        printer.endProgress();
        print(rejections.since());
        List<String> lines = summary.lines(metrics, rejections, store);
        if (!lines.isEmpty()) {
            printer.line("");
            lines.forEach(printer::line);
            long uptimeMs = ManagementFactory.getRuntimeMXBean().getUptime();
            printer.line("wall time        " + Format.duration(uptimeMs / 1000));
        }
    }
}
