package io.millrace.app.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.ExampleValidator;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class ExampleSupplyTest {

    private final ExampleSupply supply = new ExampleSupply(
            List.of(
                    new LabelledExample("a", "say \"good\"", null, "good", null, null, Map.of("domain", "\u00e9tude")),
                    new LabelledExample("b", "bad", null, "bad", null, null, null)),
            2);

    @Test
    void shouldMakeExamplesThatIngestAcceptsAndNoneTwice() {
        // Given
        ExampleValidator validator = new ExampleValidator(supply.tasks(), 1 << 20);

        // When
        List<LabelledExample> examples = List.of(example(validator, 0), example(validator, 123_456_782));

        // Then
        assertThat(examples).extracting(LabelledExample::id).containsExactly("000000000", "123456782");
        assertThat(examples)
                .extracting(LabelledExample::text)
                .containsExactly("say \"good\" 000000000", "say \"good\" 123456782");
        assertThat(example(validator, 1).label()).isEqualTo("bad");
    }

    @Test
    void shouldFindTheNumberInWhatBothApplicationsPassOn() {
        // Given
        LabelledExample example = example(new ExampleValidator(supply.tasks(), 1 << 20), 77);
        AcceptedExample accepted = new AcceptedExample(example, new Origin("examples", 0, 0, 0));

        // Then
        assertThat(ExampleSupply.numberOf(supply.value(77))).isEqualTo(77);
        assertThat(ExampleSupply.numberOf(Json.write(accepted).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(77);
        assertThatThrownBy(() -> ExampleSupply.numberOf("{}".getBytes(StandardCharsets.UTF_8)))
                .hasMessage("a record of the bench came back without its id: {}");
    }

    private LabelledExample example(ExampleValidator validator, int number) {
        return validator
                .validate(supply.key(number), supply.value(number))
                .accepted()
                .orElseThrow()
                .example();
    }
}
