package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.json.Json;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class AnnouncementReaderTest {

    @Test
    void shouldReadAnAnnouncement() {
        // Given
        CheckpointAnnouncement announcement = EvaluatorFixtures.announcement(EvaluatorFixtures.checkpoint(100));

        // When
        Optional<CheckpointAnnouncement> read = read("intent", Json.write(announcement));

        // Then
        assertThat(read).contains(announcement);
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
    void shouldReadNothingFromARecordThatIsNoAnnouncement(String json) {
        // When
        Optional<CheckpointAnnouncement> read = read("intent", json.replace('\'', '"'));

        // Then
        assertThat(read).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"..", ".hidden", "a/b", "''"})
    void shouldRefuseAnIdThatIsNoDirectoryName(String id) {
        // When
        Optional<CheckpointAnnouncement> read = read("intent", announcement("intent", id));

        // Then
        assertThat(read).isEmpty();
    }

    @Test
    void shouldRefuseAnAnnouncementUnderTheKeyOfAnotherTask() {
        // When
        Optional<CheckpointAnnouncement> read = read("other", announcement("intent", "checkpoint-000100"));

        // Then
        assertThat(read).isEmpty();
    }

    @Test
    void shouldRefuseFieldsThatAreTooLongForAVerdictToRepeat() {
        // When
        Optional<CheckpointAnnouncement> longLocation =
                read("intent", announcement("intent", "checkpoint-1").replace("x/y", "x".repeat(1025)));
        Optional<CheckpointAnnouncement> longHash =
                read("intent", announcement("intent", "checkpoint-1").replace("\"0\"", "\"" + "0".repeat(1025) + "\""));
        Optional<CheckpointAnnouncement> longParent = read(
                "intent",
                announcement("intent", "checkpoint-1")
                        .replace("\"examples\"", "\"parent\":\"" + "p".repeat(129) + "\",\"examples\""));

        // Then
        assertThat(List.of(longLocation, longHash, longParent)).containsOnly(Optional.empty());
    }

    @Test
    void shouldRefuseATombstone() {
        // When
        Optional<CheckpointAnnouncement> read =
                AnnouncementReader.read(new ConsumerRecord<>("checkpoints", 0, 7, "intent", null));

        // Then
        assertThat(read).isEmpty();
    }

    private static Optional<CheckpointAnnouncement> read(String key, String json) {
        return AnnouncementReader.read(
                new ConsumerRecord<>("checkpoints", 0, 7, key, json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String announcement(String task, String id) {
        return """
                {"checkpoint":{"task":"%s","id":"%s","step":1,"location":"x/y","sha256":"0"},
                 "offsets":{"partition":0,"first":0,"next":1},"examples":1,"training":{}}"""
                .formatted(task, id);
    }
}
