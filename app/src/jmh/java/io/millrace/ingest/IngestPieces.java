package io.millrace.ingest;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.json.Json;
import org.apache.kafka.common.serialization.Serializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What ingest does with one example of the demo's kind, piece by piece. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IngestPieces {

    private static final String TEXT =
            "book a flight from tampa, fl to baltimore, md on 11 february 2019 and returning on 19 march 2019";

    private final Task task = new Task("intent", TaskKind.SINGLE, List.of("book_flight", "freeze_account"), 4000);
    private final LabelledExample example = new LabelledExample(
            "clinc-train-12581", TEXT, null, "book_flight", null, null, Map.of("domain", "travel"));
    private final byte[] value = Json.write(example).getBytes(StandardCharsets.UTF_8);
    private final Origin origin = new Origin("examples", 3, 123_456, 1_769_860_800_000L);
    private final AcceptedExample accepted = new AcceptedExample(example, origin);
    private final Serializer<AcceptedExample> output = AcceptedJson.serde().serializer();
    private final ExampleRecord onItsWay = new ExampleRecord(origin, value);

    /** Bytes to an accepted example: UTF-8, JSON, rules, normalisation. */
    @Benchmark
    public Validation validate() {
        return ExampleValidator.validate(task, value);
    }

    /** The normalised form of a text that is normalised already. */
    @Benchmark
    public String normalize() {
        return TextNormalizer.normalize(TEXT);
    }

    /** To the internal topic and back. */
    @Benchmark
    public ExampleRecord internalRecord() {
        return ExampleRecord.SERDE
                .deserializer()
                .deserialize("internal", ExampleRecord.SERDE.serializer().serialize("internal", onItsWay));
    }

    /** To the bytes that the trainer reads. */
    @Benchmark
    public byte[] writeAccepted() {
        return output.serialize("accepted-examples", accepted);
    }
}
