package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.json.Json;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

class AnnouncementReaderTest {

    private final AnnouncementReader reader = new AnnouncementReader(List.of(EvaluatorFixtures.TASK));

    @Test
    void shouldReadAnAnnouncementOfAKnownTask() {
        // Given
        Announced announced = EvaluatorFixtures.announced(EvaluatorFixtures.checkpoint(100));

        // When
        Reading reading = read("intent", Json.write(announced.announcement()));

        // Then
        assertThat(reading).isEqualTo(announced);
    }

    @Test
    void shouldSkipATaskThatItDoesNotKnow() {
        // When
        Reading reading = read("other", announcement("other", "checkpoint-000100"));

        // Then
        assertThat(reading).isEqualTo(new Skipped(SkipReason.UNKNOWN_TASK));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {
            null
            []
            {}
            {'checkpoint':{'task':'intent','id':'c','step':1,'location':'intent/c','sha256':'0'},'examples':1}
            {'checkpoint':{'id':'c','step':1,'location':'intent/c','sha256':'0'},'offsets':{'partition':0,'first':0,'next':1},'examples':1}
            {'checkpoint':{'task':'intent','id':'c','step':1,'sha256':'0'},'offsets':{'partition':0,'first':0,'next':1},'examples':1}
            {'checkpoint':{'task':'intent','id':'c','step':1,'location':'intent/c'},'offsets':{'partition':0,'first':0,'next':1},'examples':1}
            """)
    void shouldSkipWhatIsNoAnnouncement(String json) {
        // When
        Reading reading = read("intent", json.replace('\'', '"'));

        // Then
        assertThat(reading).isEqualTo(new Skipped(SkipReason.MALFORMED));
    }

    @ParameterizedTest
    @CsvSource({"..", ".hidden", "a/b", "''"})
    void shouldSkipAnIdThatIsNoDirectoryName(String id) {
        // When
        Reading reading = read("intent", announcement("intent", id));

        // Then
        assertThat(reading).isEqualTo(new Skipped(SkipReason.MALFORMED));
    }

    @Test
    void shouldSkipAnAnnouncementUnderTheKeyOfAnotherTask() {
        // When
        Reading reading = read("other", announcement("intent", "checkpoint-000100"));

        // Then
        assertThat(reading).isEqualTo(new Skipped(SkipReason.MALFORMED));
    }

    @Test
    void shouldSkipWhatIsTooLongForAVerdictToRepeat() {
        // When
        Reading longLocation =
                read("intent", announcement("intent", "checkpoint-1").replace("x/y", "x".repeat(1025)));
        Reading longHash =
                read("intent", announcement("intent", "checkpoint-1").replace("\"0\"", "\"" + "0".repeat(1025) + "\""));
        Reading longParent = read(
                "intent",
                announcement("intent", "checkpoint-1")
                        .replace("\"examples\"", "\"parent\":\"" + "p".repeat(129) + "\",\"examples\""));

        // Then
        assertThat(List.of(longLocation, longHash, longParent)).containsOnly(new Skipped(SkipReason.MALFORMED));
    }

    @Test
    void shouldSkipATombstone() {
        // When
        Reading reading = reader.read(new ConsumerRecord<>("checkpoints", 0, 7, "intent", null));

        // Then
        assertThat(reading).isEqualTo(new Skipped(SkipReason.MALFORMED));
    }

    private Reading read(String key, String json) {
        return reader.read(new ConsumerRecord<>("checkpoints", 0, 7, key, json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String announcement(String task, String id) {
        return """
                {"checkpoint":{"task":"%s","id":"%s","step":1,"location":"x/y","sha256":"0"},
                 "offsets":{"partition":0,"first":0,"next":1},"examples":1,"training":{}}"""
                .formatted(task, id);
    }
}
