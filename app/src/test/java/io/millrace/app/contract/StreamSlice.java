package io.millrace.app.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.ingest.file.ByteLines;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.RejectionReason;
import io.millrace.schemas.json.Json;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A slice of the demo's data: first requests of one intent alone, then of another alone. A model learns the first and loses it to the
 * second, so that promotion, rejection and drift all come about.
 */
final class StreamSlice {

    static final String TASK = "intent";
    static final String EARLY = "translate";
    static final String LATE = "transfer";
    static final List<String> LABELS = List.of(EARLY, LATE);

    private static final String DEMO = "/io/millrace/app/demo/";
    private static final int EACH = 92;

    private StreamSlice() {}

    /** The early intent's examples, then the late one's. */
    static List<LabelledExample> examples() throws IOException {
        List<LabelledExample> slice = new ArrayList<>();
        for (String label : LABELS) {
            slice.addAll(labelled("stream", label).subList(0, EACH));
        }
        return slice;
    }

    /** Test examples of the early intent, in and out of distribution, and of the late one. */
    static List<ProbeExample> probes() throws IOException {
        List<ProbeExample> probes = new ArrayList<>();
        for (LabelledExample example : labelled("known", EARLY)) {
            probes.add(new ProbeExample(TASK, "known", Distribution.IN_DISTRIBUTION, example));
        }
        for (LabelledExample example : labelled("typos", EARLY)) {
            probes.add(new ProbeExample(TASK, "typos", Distribution.OUT_OF_DISTRIBUTION, example));
        }
        return probes;
    }

    /** Values that must be rejected, each with its reason. Null is a tombstone. */
    static Map<RejectionReason, byte[]> hostile() throws IOException {
        String probeText = probes().get(0).example().text();
        Map<RejectionReason, byte[]> values = new LinkedHashMap<>();
        values.put(RejectionReason.NULL_VALUE, null);
        values.put(RejectionReason.INVALID_UTF8, new byte[] {'{', (byte) 0xff, '}'});
        values.put(RejectionReason.INVALID_JSON, "{\"id\": ".getBytes(UTF_8));
        values.put(RejectionReason.WRONG_TYPE, json("w", "7", "\"translate\""));
        values.put(
                RejectionReason.OUT_OF_RANGE,
                "{\"id\":\"o\",\"text\":\"t\",\"label\":\"translate\",\"weight\":-1}".getBytes(UTF_8));
        values.put(RejectionReason.INVALID_ID, json("", "\"some text\"", "\"translate\""));
        values.put(RejectionReason.EMPTY_TEXT, json("e", "\"  \"", "\"translate\""));
        values.put(RejectionReason.TEXT_TOO_LONG, json("l", "\"" + "long ".repeat(1000) + "\"", "\"translate\""));
        values.put(RejectionReason.TOO_LARGE, json("x", "\"" + "huge".repeat(2_500_000) + "\"", "\"translate\""));
        values.put(
                RejectionReason.UNEXPECTED_PAIR,
                "{\"id\":\"p\",\"text\":\"a\",\"textPair\":\"b\",\"label\":\"translate\"}".getBytes(UTF_8));
        values.put(RejectionReason.MISSING_LABEL, "{\"id\":\"m\",\"text\":\"a text\"}".getBytes(UTF_8));
        values.put(RejectionReason.UNKNOWN_LABEL, json("u", "\"a text\"", "\"weather\""));
        values.put(RejectionReason.IN_PROBE_SET, json("g", Json.write(probeText), "\"translate\""));
        values.put(RejectionReason.CONFLICTING_ID, json(examples().get(0).id(), "\"another text\"", "\"translate\""));
        return values;
    }

    /** Puts the shipped encoder into a directory on disk. */
    static Path encoder(Path directory) throws IOException {
        Path encoder = Files.createDirectories(directory.resolve("encoder"));
        for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
            try (InputStream in = StreamSlice.class.getResourceAsStream(DEMO + "encoder/" + file)) {
                Files.copy(in, encoder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return encoder;
    }

    private static byte[] json(String id, String text, String label) {
        return ("{\"id\":\"" + id + "\",\"text\":" + text + ",\"label\":" + label + "}").getBytes(UTF_8);
    }

    private static List<LabelledExample> labelled(String file, String label) throws IOException {
        return labelled(file, List.of(label));
    }

    /** The examples with these labels in one of the demo's files, in its order. */
    static List<LabelledExample> labelled(String file, Collection<String> labels) throws IOException {
        String name = "clinc-shift-" + file + ".jsonl.gz";
        List<LabelledExample> found = new ArrayList<>();
        try (InputStream in = StreamSlice.class.getResourceAsStream(DEMO + name);
                ByteLines lines = ByteLines.of(name, in)) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                LabelledExample example = Json.mapper().readValue(line, LabelledExample.class);
                if (labels.contains(example.label())) {
                    found.add(example);
                }
            }
        }
        return found;
    }
}
