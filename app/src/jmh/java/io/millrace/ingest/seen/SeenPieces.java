package io.millrace.ingest.seen;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** What de-duplication does with one example of the demo's kind, piece by piece. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SeenPieces {

    private static final int KEYS = 1_000_000;
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

    private static final String CONTENT = "intent\0book a flight from tampa, fl to baltimore, md on 11 february 2019 and"
            + " returning on 19 march 2019\0\0book_flight";

    private final Fingerprints fingerprints = new Fingerprints();
    private final SeenFilter filter = new SeenFilter(DAY_MS);
    private int number = KEYS;

    /** A window with a million keys. */
    @Setup
    public void fill() {
        for (int key = 0; key < KEYS; key++) {
            filter.add(fingerprints.ofId("intent", "clinc-train-" + key), DAY_MS, DAY_MS);
        }
    }

    /** The hash by which contents are compared. */
    @Benchmark
    public Fingerprint fingerprint() {
        return fingerprints.ofContent(CONTENT);
    }

    /** Hashes a new id, and asks whether it may be in the store. */
    @Benchmark
    public boolean askFilter() {
        return filter.mayHold(fingerprints.ofId("intent", "clinc-train-" + number++));
    }
}
