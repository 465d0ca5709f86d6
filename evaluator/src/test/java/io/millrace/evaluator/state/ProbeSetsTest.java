package io.millrace.evaluator.state;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.evaluator.EvaluatorFixtures;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.json.Json;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ProbeSetsTest {

    private static final Task NLI = new Task("nli", TaskKind.PAIR, List.of("entailment", "neutral"), 100);

    private static final Task STARS = new Task("stars", TaskKind.REGRESSION, List.of(), 100);

    private final ProbeSets probeSets =
            new ProbeSets(Map.of("intent", EvaluatorFixtures.TASK.task(), "nli", NLI, "stars", STARS));

    @Test
    void shouldGroupExamplesByTaskAndSetInTheOrderOfNames() {
        // Given
        apply(probe("typos", Distribution.OUT_OF_DISTRIBUTION, "1"));
        apply(probe("known", Distribution.IN_DISTRIBUTION, "2"));
        apply(probe("known", Distribution.IN_DISTRIBUTION, "1"));

        // When
        List<ProbeSet> sets = probeSets.of("intent");

        // Then
        assertThat(sets).extracting(ProbeSet::name).containsExactly("known", "typos");
        assertThat(sets.get(0).examples()).extracting(LabelledExample::id).containsExactly("1", "2");
        assertThat(sets.get(0).reference().distribution()).isEqualTo(Distribution.IN_DISTRIBUTION);
        assertThat(probeSets.of("nli")).isEmpty();
    }

    @Test
    void shouldKeepTheNewestExampleOfAKey() {
        // Given
        apply(probe("known", Distribution.IN_DISTRIBUTION, "1"));

        // When
        apply(new ProbeExample("intent", "known", Distribution.IN_DISTRIBUTION, example("1", "newer", "no")));

        // Then
        assertThat(probeSets.of("intent").get(0).examples()).containsExactly(example("1", "newer", "no"));
    }

    @Test
    void shouldForgetASetWithItsLastExample() {
        // Given
        ProbeExample only = probe("known", Distribution.IN_DISTRIBUTION, "1");
        apply(only);

        // When
        apply(only.key(), null);

        // Then
        assertThat(probeSets.of("intent")).isEmpty();
    }

    @Test
    void shouldTakeASetAsOutOfDistributionIfAnyOfItsExamplesIs() {
        // Given
        apply(probe("mixed", Distribution.IN_DISTRIBUTION, "1"));

        // When
        apply(probe("mixed", Distribution.OUT_OF_DISTRIBUTION, "2"));

        // Then
        assertThat(probeSets.of("intent").get(0).reference().distribution())
                .isEqualTo(Distribution.OUT_OF_DISTRIBUTION);
    }

    @Test
    void shouldLeaveOutTasksThatItIsNotAskedFor() {
        // Given
        ProbeExample foreign =
                new ProbeExample("other", "known", Distribution.IN_DISTRIBUTION, example("1", "text", "yes"));

        // When
        var fault = apply(foreign.key(), Json.write(foreign));

        // Then
        assertThat(fault).isEmpty();
        assertThat(probeSets.of("other")).isEmpty();
    }

    @Test
    void shouldTakeALabelThatTheTaskDoesNotList() {
        // When
        apply(new ProbeExample("intent", "known", Distribution.IN_DISTRIBUTION, example("1", "text", "maybe")));

        // Then
        assertThat(probeSets.of("intent").get(0).examples())
                .extracting(LabelledExample::label)
                .containsExactly("maybe");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"3, 3", "\"3.50\", 3.50", "-1.5, -1.5"})
    void shouldTakeTheNumberOfARegressionAsNumberOrText(String json, String label) {
        // Given
        String probe = "{\"task\":\"stars\",\"probeSet\":\"known\",\"distribution\":\"in\","
                + "\"example\":{\"id\":\"1\",\"text\":\"t\",\"label\":" + json + "}}";

        // When
        var fault = apply("stars/known/1", probe);

        // Then
        assertThat(fault).isEmpty();
        assertThat(probeSets.of("stars").get(0).examples())
                .extracting(LabelledExample::label)
                .containsExactly(label);
    }

    @Test
    void shouldTakeAwayWhatAMalformedRecordReplaces() {
        // Given
        ProbeExample good = probe("known", Distribution.IN_DISTRIBUTION, "1");
        apply(good);

        // When
        var fault = apply(good.key(), "{");

        // Then: as if the topic had been compacted before it was read
        assertThat(fault).hasValueSatisfying(message -> assertThat(message).contains("is not a ProbeExample"));
        assertThat(probeSets.of("intent")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            intent/known/1 | null                                                                                                      | JSON null
            intent/known/1 | {'probeSet':'known','distribution':'in','example':{'id':'1','text':'t','label':'yes'}}                    | expected task
            intent/known/1 | {'task':'intent','probeSet':'known','example':{'id':'1','text':'t','label':'yes'}}                        | expected task
            intent/known/1 | {'task':'intent','probeSet':'known','distribution':'in'}                                                  | no example
            intent/a/b/1   | {'task':'intent','probeSet':'a/b','distribution':'in','example':{'id':'1','text':'t','label':'yes'}}      | without "/"
            intent/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/1 | {'task':'intent','probeSet':'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','distribution':'in','example':{'id':'1','text':'t','label':'yes'}} | at most 128
            intent//1      | {'task':'intent','probeSet':'','distribution':'in','example':{'id':'1','text':'t','label':'yes'}}         | without "/"
            intent/known/1 | {'task':'intent','probeSet':'known','distribution':'in','example':{'id':'1','text':' ','label':'yes'}}    | needs id, text and label
            intent/known/1 | {'task':'intent','probeSet':'known','distribution':'in','example':{'id':'1','text':'t'}}                  | needs id, text and label
            intent/known/2 | {'task':'intent','probeSet':'known','distribution':'in','example':{'id':'1','text':'t','label':'yes'}}    | expected "intent/known/1"
            nli/known/1    | {'task':'nli','probeSet':'known','distribution':'in','example':{'id':'1','text':'t','label':'neutral'}}   | no textPair
            intent/known/1 | {'task':'intent','probeSet':'known','distribution':'in','example':{'id':'1','text':'t','textPair':'u','label':'yes'}} | a textPair
            stars/known/1  | {'task':'stars','probeSet':'known','distribution':'in','example':{'id':'1','text':'t','label':'good'}}    | is a regression, but the label is not a number: "good"
            """)
    void shouldNameWhatIsWrongWithAMalformedExample(String key, String json, String fault) {
        // When
        var found = apply(key, json.replace('\'', '"'));

        // Then
        assertThat(found).hasValueSatisfying(message -> assertThat(message).contains(fault));
        assertThat(probeSets.of("intent")).isEmpty();
        assertThat(probeSets.of("nli")).isEmpty();
    }

    @Test
    void shouldTakeTheNewestOfSeveralPartitionsInWhateverOrderTheyAreRead() {
        // Given: a foreign client has put the key into another partition; the clocks of producers differ
        ProbeExample probe = probe("known", Distribution.IN_DISTRIBUTION, "1");
        String one = Json.write(new ProbeExample("intent", "known", probe.distribution(), example("1", "one", "yes")));
        String two = Json.write(new ProbeExample("intent", "known", probe.distribution(), example("1", "two", "yes")));
        List<ConsumerRecord<String, byte[]>> here =
                List.of(record(1, 0, 900, probe.key(), two), record(1, 1, 300, probe.key(), one));
        List<ConsumerRecord<String, byte[]>> there = List.of(record(3, 0, 400, probe.key(), two));
        List<ConsumerRecord<String, byte[]>> removal = List.of(record(2, 0, 500, probe.key(), null));

        // When / Then: in a partition the last counts, whatever its timestamp, as compaction would have it
        assertThat(textAfter(here, there)).isEqualTo("two");
        assertThat(textAfter(there, here)).isEqualTo("two");
        assertThat(textAfter(here, there, removal)).isEqualTo("none");
        assertThat(textAfter(removal, there, here)).isEqualTo("none");
        assertThat(textAfter(here)).isEqualTo("one");
    }

    @Test
    void shouldTakeTheHighestPartitionOfRecordsOfTheSameTime() {
        // Given
        ProbeExample probe = probe("known", Distribution.IN_DISTRIBUTION, "1");
        String one = Json.write(new ProbeExample("intent", "known", probe.distribution(), example("1", "one", "yes")));
        String two = Json.write(new ProbeExample("intent", "known", probe.distribution(), example("1", "two", "yes")));
        List<ConsumerRecord<String, byte[]>> low = List.of(record(0, 9, 500, probe.key(), one));
        List<ConsumerRecord<String, byte[]>> high = List.of(record(2, 1, 500, probe.key(), two));

        // When / Then
        assertThat(textAfter(low, high)).isEqualTo("two");
        assertThat(textAfter(high, low)).isEqualTo("two");
    }

    @SafeVarargs
    private static String textAfter(List<ConsumerRecord<String, byte[]>>... partitions) {
        ProbeSets sets = new ProbeSets(Map.of("intent", EvaluatorFixtures.TASK.task()));
        for (List<ConsumerRecord<String, byte[]>> partition : partitions) {
            partition.forEach(sets::apply);
        }
        return sets.of("intent").isEmpty()
                ? "none"
                : sets.of("intent").get(0).examples().get(0).text();
    }

    @Test
    void shouldBuildASetAgainOnlyWhenItsTaskHasChanged() {
        // Given
        apply(probe("known", Distribution.IN_DISTRIBUTION, "1"));
        List<ProbeSet> before = probeSets.of("intent");

        // When
        apply("stars/known/1", null);
        List<ProbeSet> same = probeSets.of("intent");
        apply(probe("known", Distribution.IN_DISTRIBUTION, "2"));
        List<ProbeSet> changed = probeSets.of("intent");

        // Then
        assertThat(same).isSameAs(before);
        assertThat(changed.get(0).examples()).hasSize(2);
    }

    private void apply(ProbeExample probe) {
        assertThat(apply(probe.key(), Json.write(probe))).isEmpty();
    }

    private Optional<String> apply(String key, String value) {
        return probeSets.apply(record(0, 0, 0, key, value));
    }

    private static ConsumerRecord<String, byte[]> record(
            int partition, long offset, long timestampMs, String key, String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(
                "probes",
                partition,
                offset,
                timestampMs,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                bytes,
                new RecordHeaders(),
                Optional.empty());
    }

    private static ProbeExample probe(String set, Distribution distribution, String id) {
        return new ProbeExample("intent", set, distribution, example(id, "text of " + id, "yes"));
    }
}
