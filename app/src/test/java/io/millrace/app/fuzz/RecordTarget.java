package io.millrace.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.JsonSerde;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.errors.SerializationException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A record of any topic that holds JSON: the first byte chooses the topic, the rest is the value. */
final class RecordTarget implements FuzzTarget {

    private static final List<Topic<?>> TOPICS = Topics.ALL.stream()
            .filter(topic -> topic.valueSerde() instanceof JsonSerde)
            .toList();

    @Override
    public List<byte[]> seeds() throws IOException {
        Path golden = Path.of(System.getProperty("millrace.root"), "schemas/src/test/resources/golden");
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.walk(golden)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                byte[] value = Files.readAllBytes(file);
                for (int topic = 0; topic < TOPICS.size(); topic++) {
                    byte[] seed = new byte[value.length + 1];
                    seed[0] = (byte) topic;
                    System.arraycopy(value, 0, seed, 1, value.length);
                    if (accepts(seed)) {
                        seeds.add(seed);
                    }
                }
            }
        }
        return seeds;
    }

    @Override
    public boolean accepts(byte[] input) {
        if (input.length == 0) {
            return false;
        }
        Topic<?> topic = TOPICS.get((input[0] & 0xff) % TOPICS.size());
        return accepts(topic, Arrays.copyOfRange(input, 1, input.length));
    }

    private static <V> boolean accepts(Topic<V> topic, byte[] value) {
        try {
            V read = topic.valueSerde().deserializer().deserialize(topic.name(), value);
            byte[] written = topic.valueSerde().serializer().serialize(topic.name(), read);
            assertThat(topic.valueSerde().deserializer().deserialize(topic.name(), written))
                    .isEqualTo(read);
            return true;
        } catch (SerializationException e) {
            assertThat(e.getMessage())
                    .startsWith("record on topic " + topic.name() + " is not a ")
                    .hasSizeLessThan(1000)
                    .doesNotContainPattern(DECEPTIVE);
            return false;
        }
    }
}
