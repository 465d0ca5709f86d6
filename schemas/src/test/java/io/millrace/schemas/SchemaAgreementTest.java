package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

class SchemaAgreementTest {

    private static final SchemaFiles FILES = new SchemaFiles();

    static Stream<WireExample> examples() {
        return WireExamples.all();
    }

    static Stream<WireExample> completeExamples() {
        return WireExamples.all().filter(WireExample::complete);
    }

    static List<String> files() {
        return SchemaFiles.names();
    }

    @ParameterizedTest
    @MethodSource("completeExamples")
    void shouldDescribeEveryComponentOfRecord(WireExample example) throws ReflectiveOperationException {
        // When
        List<String> differences = Agreement.differences(example.value(), FILES.file(example.name()));

        // Then
        assertThat(differences).isEmpty();
    }

    @Test
    void shouldHaveOneFileForEveryRecordAndOneForSharedParts() {
        // Given
        Stream<String> records = completeExamples().map(WireExample::name);

        // When
        List<String> names = SchemaFiles.names();

        // Then
        assertThat(names)
                .containsExactlyElementsOf(Stream.concat(Stream.of("definitions"), records)
                        .sorted()
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldBeValidSchemaNamedAfterItsFile(String name) {
        // When
        List<String> faults = FILES.faultsOfFile(name);

        // Then
        assertThat(faults).isEmpty();
        assertThat(FILES.document(SchemaFiles.id(name)).path("$id").textValue()).isEqualTo(SchemaFiles.id(name));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldAcceptRecordAsItIsWritten(WireExample example) {
        // When
        List<String> faults = FILES.faults(example.name(), Json.write(example.value()));

        // Then
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldAcceptRecordOfNewerWriter(WireExample example) {
        // Given
        ObjectNode newer = Json.mapper().valueToTree(example.value());
        newer.put("addedLater", true);

        // When
        List<String> faults = FILES.faults(example.name(), newer.toString());

        // Then
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldRefuseRecordWithoutRequiredField(WireExample example) {
        for (String required : FILES.file(example.name()).required()) {
            // Given
            ObjectNode incomplete = Json.mapper().valueToTree(example.value());
            incomplete.remove(required);

            // When
            List<String> faults = FILES.faults(example.name(), incomplete.toString());

            // Then
            assertThat(faults).singleElement().asString().contains("'" + required + "'");
        }
    }

    @Test
    void shouldRefuseRecordWithMalformedSharedPart() {
        // Given
        String example =
                """
                {"checkpoint":{"task":"Not A Task","id":".hidden","step":-1,"location":"","sha256":"abc"},"scores":[]}""";

        // When
        List<String> faults = FILES.faults("checkpoint-evaluation", example);

        // Then
        assertThat(faults).hasSize(5);
    }

    @Test
    void shouldTakeNumberForLabelOfUserAlone() {
        // Given
        String example = """
                {"id":"1","text":"a","label":3}""";
        String accepted =
                """
                {"example":%s,"origin":{"topic":"examples","partition":0,"offset":0,"timestampMs":0}}""";

        // When
        List<String> faults = FILES.faults("labelled-example", example);
        List<String> faultsOfAccepted = FILES.faults("accepted-example", accepted.formatted(example));

        // Then
        assertThat(faults).isEmpty();
        assertThat(faultsOfAccepted).singleElement().asString().contains("label");
    }

    @Test
    void shouldRefuseExampleWithEventTimeThatIsNoInstant() {
        // Given
        String example = """
                {"id":"1","text":"a","label":"b","eventTime":"yesterday"}""";

        // When
        List<String> faults = FILES.faults("labelled-example", example);

        // Then
        assertThat(faults).singleElement().asString().contains("eventTime");
    }

    @Test
    void shouldAgreeWithCodeOnTaskNames() {
        // When
        String pattern = FILES.document(SchemaFiles.id("definitions"))
                .at("/$defs/taskName/pattern")
                .textValue();

        // Then
        assertThat(pattern).isEqualTo("^" + Task.NAME + "$");
    }
}
