package io.millrace.app.narration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import io.millrace.app.console.Format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The counters of this process.
 *
 * @param received examples that ingest has taken
 * @param accepted of those, accepted
 * @param rejected of those, rejected
 * @param duplicate of those, dropped as repeats
 * @param joined of those, labels of a topic of their own that met their text
 * @param waiting texts and labels that wait for each other
 * @param trained accepted examples that were trained
 * @param quarantined accepted examples whose mini-batch had a loss or a gradient that was not finite
 */
public record RunFigures(
        long received,
        long accepted,
        long rejected,
        long duplicate,
        long joined,
        long waiting,
        long trained,
        long quarantined) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK_RESIDENT = "VmHWM:";

    /** The counters as they are now. */
    public static RunFigures of(MeterRegistry registry) {
        return new RunFigures(
                sum(registry.find("millrace.ingest.received")),
                sum(registry.find("millrace.ingest.accepted")),
                sum(registry.find("millrace.ingest.rejected")),
                sum(registry.find("millrace.ingest.duplicate")),
                sum(registry.find("millrace.ingest.joined")),
                Math.round(registry.find("millrace.ingest.waiting").gauges().stream()
                        .mapToDouble(Gauge::value)
                        .filter(Double::isFinite)
                        .sum()),
                trained(registry),
                sum(registry.find("millrace.trainer.examples").tag("outcome", "quarantined")));
    }

    /** What ingest did, in words. Examples are under way between it and the topic from which it takes those of a task. */
    public String ingested() {
        long underWay = received - accepted - rejected - duplicate - joined - waiting;
        List<String> parts = new ArrayList<>();
        parts.add(Format.text("accepted %,d", accepted));
        parts.add(Format.text("rejected %,d", rejected));
        parts.add(Format.text("duplicate %,d", duplicate));
        addIfAny(parts, "joined", joined);
        addIfAny(parts, "waiting", waiting);
        addIfAny(parts, "under way", underWay);
        // Less than nothing: it has accepted examples that another process of ingest has received.
        return Format.text("received %,d", received)
                + (underWay < 0 ? ", " + String.join(", ", parts) : " = " + String.join(" + ", parts));
    }

    private static void addIfAny(List<String> parts, String name, long count) {
        if (count > 0) {
            parts.add(Format.text("%s %,d", name, count));
        }
    }

    /** What the trainer did, in words. */
    public String learned() {
        return Format.text("trained %,d, quarantined %,d", trained, quarantined);
    }

    /** Examples trained by this process. */
    public static long trained(MeterRegistry registry) {
        return sum(registry.find("millrace.trainer.examples").tag("outcome", "trained"));
    }

    /** Most memory that this process has had resident, in MiB; known on Linux only. */
    public static OptionalLong peakMemoryMib() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(PEAK_RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private static long sum(Search found) {
        return Math.round(found.counters().stream().mapToDouble(Counter::count).sum());
    }
}
