package io.millrace.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.compare.CompareOptions.ComparedTask;
import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.ExampleField;
import io.millrace.ingest.file.FileFormat;
import io.millrace.ingest.file.TableColumns;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ComparisonTest {

    private final List<FakeModel> models = new ArrayList<>();
    private final StringWriter printed = new StringWriter();
    private final Map<String, DataFile> probes = new LinkedHashMap<>();

    @TempDir
    private Path folder;

    private Path stream;
    private Path config;
    private Path out;

    @BeforeEach
    void writeFiles() throws IOException {
        stream = ExampleLines.write(folder.resolve("stream.jsonl"), "one=a", "two=b", "three=b", "four=a", "five=b");
        probes.put(
                "known",
                DataFile.examples(ExampleLines.write(folder.resolve("known.jsonl"), "two again=b", "five again=b")));
        probes.put("strange", DataFile.examples(ExampleLines.write(folder.resolve("strange.jsonl"), "what", "why")));
        Files.writeString(Files.createDirectory(folder.resolve("encoder")).resolve("config.json"), "{}");
        config = Files.writeString(folder.resolve("training.yaml"), "{encoder: encoder, batching: {batchSize: 2}}");
        out = folder.resolve("out");
    }

    @Test
    void shouldRunEveryMethodWithEverySeedAndWriteTheResults() throws IOException {
        // When
        compare(options("1,2", "plain", "smart"));

        // Then
        assertThat(models).hasSize(4).allMatch(FakeModel::isClosed);
        assertThat(models)
                .extracting(model -> model.trained().training().seed() + " "
                        + model.trained().training().objective().method().wireName())
                .containsExactly("1 plain", "1 smart", "2 plain", "2 smart");
        assertThat(out.resolve("runs")).isDirectoryContaining("glob:**/smart-2.json");
        assertThat(Files.readString(out.resolve("table.md")))
                .contains("| known | plain | 2 | 100.0 ± 0.0 % |  |  |  |  | 0.0 ± 0.0 |")
                .contains(
                        "| known | smart | 2 | 100.0 ± 0.0 % | +0.0 ± 0.0 | 1.000 | 1.000 | not significant | 0.0 ± 0.0 |")
                .contains("| strange (auroc) | plain | 2 | 1.000 ± 0.000 |");
        assertThat(Files.readAllLines(out.resolve("runs.csv")))
                .startsWith(
                        "method,seed,step,examples,probeSet,measure,value,forgetting",
                        "plain,1,2,4,known,accuracy,0.5,0.0");
        assertThat(out.resolve("curves.svg")).isNotEmptyFile();
    }

    @Test
    void shouldTellOfEachRunInALine() throws IOException {
        // When
        compare(options("7", "plain"));

        // Then
        assertThat(printed.toString())
                .startsWith("plain, seed 7: known 100.0 %, strange 1.000, test-then-train 40.0 %, in ")
                .endsWith(" s; all done\n");
    }

    @Test
    void shouldMakeOnlyWhatIsMissing() throws IOException {
        // Given
        compare(options("1", "plain"));
        models.clear();

        // When
        compare(options("1,2", "plain"));

        // Then
        assertThat(models).singleElement().satisfies(model -> assertThat(
                        model.trained().training().seed())
                .isEqualTo(2));
        assertThat(printed.toString()).contains("plain, seed 1: already finished, known 100.0 %");
    }

    @Test
    void shouldKeepResultsOfOtherMethodsInTheTable() throws IOException {
        // Given
        compare(options("1,2", "plain"));

        // When
        compare(options("1,2", "smart"));
        compare(options("1,2", "plain", "smart"));

        // Then
        assertThat(models).hasSize(4);
        assertThat(Files.readString(out.resolve("table.md")))
                .contains("difference to plain")
                .contains("| known | smart |");
    }

    @Test
    void shouldLeaveResultsWhenItIsCut() {
        // Given
        CompareOptions options = options("1,2", "plain");

        // When
        assertThatThrownBy(() -> new Comparison(options, trained -> {
                            if (trained.training().seed() == 2) {
                                throw new IllegalStateException("cut");
                            }
                            return new FakeModel(trained);
                        })
                        .run(new PrintWriter(printed, true)))
                .hasMessage("cut");

        // Then
        assertThat(out.resolve("table.md"))
                .content()
                .contains("One seed: no intervals")
                .contains("| known | plain | 1 | 100.0 % |");
    }

    @Test
    void shouldRefuseResultsOfAnotherStream() throws IOException {
        // Given
        compare(options("1", "plain"));
        ExampleLines.write(stream, "one=a", "two=b");

        // When / Then
        assertThatThrownBy(() -> compare(options("2", "plain")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(out.resolve("runs/plain-1.json") + " was made from another ")
                .hasMessageEndingWith("give another folder with --out, or delete this file.");
        assertThat(models).hasSize(1);
    }

    @Test
    void shouldRefuseResultsOfOtherSettingsUnderTheSameLabel() throws IOException {
        // Given
        compare(options("1", "method=plain"));

        // When / Then
        assertThatThrownBy(() -> compare(options("1", "method=smart")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("was made from another configuration of the method: expected ");
    }

    @Test
    void shouldNotTrainOnWhatIsProbed() throws IOException {
        // Given
        ExampleLines.write(stream, "one=a", "two  again=a", "three=b");

        // When
        compare(options("1", "plain"));

        // Then
        assertThat(models.get(0).trainedIds()).containsExactly(List.of("0", "2"));
        assertThat(out.resolve("table.md")).content().contains("2 examples, without 1 whose text is in a probe set");
    }

    @Test
    void shouldSaveModelsWhenAskedEvenIfTheResultIsThere() throws IOException {
        // Given
        compare(options("3", "plain"));

        // When
        CompareOptions options = options("3", "plain");
        compare(new CompareOptions(
                options.data(),
                options.methods(),
                options.seeds(),
                options.training(),
                options.shippedEncoder(),
                options.evaluations(),
                new CompareOptions.Destination(out, true, "")));

        // Then
        assertThat(out.resolve("models/plain-3/model")).hasContent("3");
    }

    @Test
    void shouldNameTheMethodWhoseSettingNobodyKnows() {
        assertThatThrownBy(() -> compare(options("1", "plain:optimizer.speed=3")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "method plain:optimizer.speed=3: unknown key optimizer.speed. Known keys there: ");
    }

    @Test
    void shouldRefuseALabelThatTheTaskLacks() {
        // Given
        CompareOptions options = options("1", "plain");
        CompareOptions.Data data = data(ComparedTask.of(List.of("a", "c"), false));

        // When / Then
        assertThatThrownBy(() -> compare(new CompareOptions(
                        data,
                        options.methods(),
                        options.seeds(),
                        options.training(),
                        options.shippedEncoder(),
                        2,
                        options.destination())))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        stream
                                + " has the label \"b\", which --labels does not name. Name all labels, or leave out --labels.");
    }

    @Test
    void shouldRefuseAStreamOfOneLabel() throws IOException {
        // Given
        ExampleLines.write(stream, "one=a", "two=a");

        // When / Then
        assertThatThrownBy(() -> compare(options("1", "plain")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(stream + " must have examples of at least two labels, got only [a].");
    }

    @Test
    void shouldRefuseOnlyProbeSetsOutOfScope() {
        // Given
        probes.remove("known");

        // When / Then
        assertThatThrownBy(() -> compare(options("1", "plain")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("probe set strange has no labels");
    }

    @Test
    void shouldReadTheStreamAsTheConfiguredTaskTakesIt() {
        // Given
        Task mood = new Task("mood", TaskKind.SINGLE, List.of("a", "c"), 2000);

        // When / Then
        assertThatThrownBy(() -> Comparison.check(data(ComparedTask.of(mood))))
                .hasMessageStartingWith(
                        stream + " line 2: label: expected one of the 2 labels of task mood, got \"b\"");
    }

    @Test
    void shouldTakeTheLabelsOfTheTaskBeforeNewOnesOfTheStream() throws IOException {
        // Given
        Task mood = new Task("mood", TaskKind.SINGLE, List.of("b", "z"), NewLabels.GROW, 5, 0.5, 2000);
        CompareOptions options = options("1", "configured");

        // When
        compare(new CompareOptions(
                data(ComparedTask.of(mood)),
                options.methods(),
                options.seeds(),
                options.training(),
                options.shippedEncoder(),
                2,
                options.destination()));

        // Then
        assertThat(models.get(0).trained().task().labels()).containsExactly("b", "z", "a");
        assertThat(models.get(0).trained().training().objective().method().wireName())
                .isEqualTo("plain");
    }

    @Test
    void shouldTellAColumnOfTheSameTableFromAnother() throws IOException {
        // Given
        stream = Files.writeString(folder.resolve("stream.csv"), "id,text,label,other\n1,\"one\n\",a,b\n2,two,b,a\n");
        compare(options("1", "plain"));
        CompareOptions.Data given = data(ComparedTask.of(List.of(), false));
        CompareOptions options = options("1", "plain");
        DataFile other = new DataFile(
                stream.toString(),
                FileFormat.CSV,
                null,
                TableColumns.ofExamples(Map.of(ExampleField.LABEL, "other"), List.of()));

        // When / Then
        assertThatThrownBy(() -> compare(new CompareOptions(
                        new CompareOptions.Data(other, given.limit(), given.probes(), given.task()),
                        options.methods(),
                        options.seeds(),
                        options.training(),
                        options.shippedEncoder(),
                        2,
                        options.destination())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("was made from another stream:");
    }

    private CompareOptions.Data data(ComparedTask task) {
        return new CompareOptions.Data(DataFile.examples(stream), Long.MAX_VALUE, probes, task);
    }

    private void compare(CompareOptions options) throws IOException {
        new Comparison(options, trained -> {
                    models.add(new FakeModel(trained));
                    return models.get(models.size() - 1);
                })
                .run(new PrintWriter(printed, true));
    }

    private CompareOptions options(String seeds, String... methods) {
        return new CompareOptions(
                data(ComparedTask.of(List.of(), false)),
                MethodChoice.parseAll(List.of(methods)),
                List.of(seeds.split(",")).stream().map(Long::valueOf).toList(),
                Optional.of(BaseTraining.read(config)),
                directory -> fail("the configuration names an encoder"),
                2,
                new CompareOptions.Destination(out, false, "./millrace compare"));
    }
}
