package io.millrace.app.tail;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.kafka.RejectionHeaders;
import io.millrace.schemas.text.LogSafe;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A record on one line: its time, place and key, and the fields of its value that tell most. */
final class RecordLine {

    private static final int MAX_FIELD_CHARS = 120;
    private static final int MAX_KEY_CHARS = 60;
    private static final int MAX_LINE_CHARS = 400;

    private static final String SCORES = "/scores";

    /** Fields as JSON pointers, each with a word before it if its value alone says too little, by the name of the topic. */
    private static final Map<String, List<String>> FIELDS = Map.ofEntries(
            Map.entry("examples", List.of("/id", "/label", "/text", "/textPair")),
            Map.entry("texts", List.of("/id", "/text")),
            Map.entry("probes", List.of("/distribution", "/example/label", "/example/text")),
            Map.entry(
                    "accepted-examples",
                    List.of("/example/id", "/example/label", "/example/text", "/example/textPair")),
            Map.entry("rejected-examples", List.of("/id", "/label", "/text")),
            Map.entry("checkpoints", List.of("/checkpoint/id", "from /parent", "examples /examples")),
            Map.entry("evaluations", List.of("/checkpoint/id", SCORES)),
            Map.entry(
                    "drift", List.of("/phase", "/metric", "is /reading/value", "was /reading/reference", "step /step")),
            Map.entry("model-updates", List.of("/verdict", "/model/checkpoint/id", SCORES, "/reasons/0")),
            Map.entry("model-requests", List.of("/action", "/checkpoint", "/by", "/reason")),
            Map.entry("request-outcomes", List.of("/result", "/request/action", "champion /champion", "/reasons/0")),
            Map.entry("task-histories", List.of("verdicts /verdicts", "champion /current/model/checkpoint/id")));

    private RecordLine() {}

    /** The line; {@code topic} is the topic's name without a prefix. */
    static String of(String topic, TailedRecord record) {
        StringBuilder line = new StringBuilder()
                .append(record.time().truncatedTo(ChronoUnit.SECONDS))
                .append("  ")
                .append(record.partition())
                .append('@')
                .append(record.offset())
                .append("  ")
                .append(record.key() == null ? "-" : LogSafe.line(record.key(), MAX_KEY_CHARS));
        String reason = record.headers().get(RejectionHeaders.REASON);
        if (reason != null) {
            append(line, reason);
            append(line, record.headers().getOrDefault(RejectionHeaders.MESSAGE, ""));
        }
        return line.append(value(topic, record)).toString();
    }

    private static String value(String topic, TailedRecord record) {
        JsonNode value = record.value();
        StringBuilder line = new StringBuilder();
        if (value == null) {
            append(line, record.text() != null ? record.text() : record.base64() == null ? "(no value)" : "(not text)");
            return line.toString();
        }
        for (String shown : FIELDS.getOrDefault(topic, List.of())) {
            int pointer = shown.indexOf('/');
            JsonNode field = value.at(shown.substring(pointer));
            if (shown.equals(SCORES)) {
                field.forEach(score -> append(line, accuracy(score)));
            } else if (field.isValueNode() && !field.isNull()) {
                append(line, shown.substring(0, pointer) + field.asText());
            }
        }
        return line.isEmpty() ? "  " + LogSafe.line(value.toString(), MAX_LINE_CHARS) : line.toString();
    }

    private static String accuracy(JsonNode score) {
        return score.at("/probeSet/name").asText()
                + String.format(Locale.ROOT, " %.3f", score.path("accuracy").asDouble());
    }

    private static void append(StringBuilder line, String field) {
        line.append("  ").append(LogSafe.line(field, MAX_FIELD_CHARS));
    }
}
