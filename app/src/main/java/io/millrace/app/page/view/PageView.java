package io.millrace.app.page.view;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.Task;
import io.millrace.schemas.text.LogSafe;
import io.millrace.trainer.TrainerListener;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Everything that the page shows, for all tasks. Safe for several threads. */
public final class PageView implements TrainerListener {

    private static final int MAX_NOTE_CHARS = 400;

    private final String service;
    private final Instant started = Instant.now();
    private final Map<String, TaskFold> tasks = new LinkedHashMap<>();
    private final ProcessFigures figures;
    private final Rates rates = new Rates();
    private final Map<String, String> notes = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();
    private Map<String, Map<String, Double>> lastFigures = Map.of();

    /**
     * A view of {@code tasks} that knows nothing yet.
     *
     * @param service name of the process
     * @param tasks at least one
     * @param registry the meters of the process
     */
    public PageView(String service, List<Task> tasks, MeterRegistry registry) {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("the page needs at least one task, got none");
        }
        this.service = service;
        tasks.forEach(task -> this.tasks.put(task.name(), new TaskFold(task)));
        figures = new ProcessFigures(registry);
    }

    @Override
    public void step(String task, long step, Map<String, Double> values) {
        fold(task, fold -> fold.step(step, values));
    }

    /** Changes a task; a name that is not configured changes nothing. */
    public void fold(String task, Consumer<TaskFold> change) {
        TaskFold fold = tasks.get(task);
        if (fold != null) {
            change.accept(fold);
            version.incrementAndGet();
        }
    }

    /** The task of this name; the first without a name. */
    public Optional<TaskFold> task(String name) {
        return name.isEmpty() ? tasks.values().stream().findFirst() : Optional.ofNullable(tasks.get(name));
    }

    /** Says what the page cannot show, in place of an earlier note about the same. */
    public void note(String about, String text) {
        notes.put(about, LogSafe.line(text, MAX_NOTE_CHARS));
        version.incrementAndGet();
    }

    /** Takes the note about something away. */
    public void forget(String about) {
        if (notes.remove(about) != null) {
            version.incrementAndGet();
        }
    }

    /** Looks at the meters; call it once per second. Their changes count as changes of the view. */
    public synchronized void look() {
        Map<String, Map<String, Double>> now = new LinkedHashMap<>();
        long nanos = System.nanoTime();
        for (String task : tasks.keySet()) {
            Map<String, Double> its = figures.of(task);
            Double trained = its.get("trained");
            if (trained != null) {
                rates.add(task, nanos, trained);
            }
            now.put(task, its);
        }
        if (!now.equals(lastFigures)) {
            lastFigures = now;
            version.incrementAndGet();
        }
    }

    /** Grows with every change. */
    public long version() {
        return version.get();
    }

    /** Everything but the charts. */
    public PageState state(TaskFold fold) {
        String name = fold.task().name();
        Map<String, Double> its = new TreeMap<>(figures.of(name));
        rates.perSecond(name).ifPresent(rate -> its.put("examplesPerSecond", rate));
        return new PageState(
                service,
                started,
                Instant.now(),
                version(),
                List.copyOf(tasks.keySet()),
                Collections.unmodifiableList(new ArrayList<>(new TreeMap<>(notes).values())),
                fold.shown(its));
    }
}
