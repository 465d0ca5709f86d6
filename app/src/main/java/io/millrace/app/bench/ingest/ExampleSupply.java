package io.millrace.app.bench.ingest;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.json.Json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Records without end, made of the examples of a stream: the number of the record is in its id, and at the end of its text, so that none is
 * a duplicate.
 */
final class ExampleSupply {

    private static final String ID_START = "\"id\":\"";
    private static final int DIGITS = 9;
    private static final int MAX_TEXT_CHARS = 4000;

    private final List<Task> tasks;
    private final List<byte[]> keys;
    private final List<Template> templates = new ArrayList<>();

    /** The bytes of an example around its two numbers. */
    private record Template(byte[] beforeId, byte[] beforeText, byte[] after) {

        /** {@code mark}: what stands in for the number. */
        static Template of(String json, String mark) {
            String[] parts = json.split(mark, -1);
            return new Template(bytes(parts[0]), bytes(parts[1]), bytes(parts[2]));
        }
    }

    /**
     * A supply.
     *
     * @param stream the examples, at least one
     * @param tasks over how many tasks the records are spread, in turn
     */
    ExampleSupply(List<LabelledExample> stream, int tasks) {
        List<String> labels =
                stream.stream().map(LabelledExample::label).distinct().sorted().toList();
        boolean pairs = stream.get(0).textPair() != null;
        this.tasks = IntStream.range(0, tasks)
                .mapToObj(number ->
                        new Task("bench-" + number, pairs ? TaskKind.PAIR : TaskKind.SINGLE, labels, MAX_TEXT_CHARS))
                .toList();
        this.keys = this.tasks.stream().map(task -> bytes(task.name())).toList();
        String mark = "\uE000";
        for (LabelledExample example : stream) {
            LabelledExample marked = new LabelledExample(
                    mark,
                    example.text().replace(mark, "") + " " + mark,
                    example.textPair(),
                    example.label(),
                    example.eventTime(),
                    example.weight(),
                    example.attributes());
            templates.add(Template.of(Json.write(marked), mark));
        }
    }

    List<Task> tasks() {
        return tasks;
    }

    byte[] key(int number) {
        return keys.get(number % keys.size());
    }

    /** The value of a record; {@code number} is below 10<sup>9</sup>. */
    byte[] value(int number) {
        Template template = templates.get(number % templates.size());
        byte[] value =
                new byte[template.beforeId.length + template.beforeText.length + template.after.length + 2 * DIGITS];
        int end = copy(template.beforeId, value, 0);
        end = digits(number, value, end);
        end = copy(template.beforeText, value, end);
        end = digits(number, value, end);
        copy(template.after, value, end);
        return value;
    }

    /** The number of a record, from its value or that of the accepted example that it became. */
    static int numberOf(byte[] value) {
        String start = new String(value, 0, Math.min(value.length, 60), StandardCharsets.ISO_8859_1);
        int at = start.indexOf(ID_START);
        if (at < 0) {
            throw new IllegalStateException("a record of the bench came back without its id: " + start);
        }
        int from = at + ID_START.length();
        return Integer.parseInt(start.substring(from, from + DIGITS));
    }

    private static int copy(byte[] from, byte[] to, int at) {
        System.arraycopy(from, 0, to, at, from.length);
        return at + from.length;
    }

    private static int digits(int number, byte[] to, int at) {
        int rest = number;
        for (int i = at + DIGITS - 1; i >= at; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + DIGITS;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
