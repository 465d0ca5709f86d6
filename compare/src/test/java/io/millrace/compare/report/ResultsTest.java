package io.millrace.compare.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compare.result.Measure;
import io.millrace.compare.result.Results;
import io.millrace.compare.result.RunFingerprint;
import io.millrace.compare.result.RunResult;
import io.millrace.compare.result.RunResult.Cost;
import io.millrace.compare.result.RunResult.Evaluation;
import io.millrace.compare.result.RunResult.Score;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;

class ResultsTest {

    private static final RunFingerprint NONE = new RunFingerprint(Map.of(), Map.of());

    private final Results results = Results.of(
            List.of("plain", "a<b,c", "absent"),
            List.of(
                    run("plain", 2, 0.72, 0.70),
                    run("plain", 1, 0.71, 0.70),
                    run("plain", 3, 0.70, 0.71),
                    run("a<b,c", 1, 0.75, 0.801),
                    run("a<b,c", 2, 0.75, 0.800),
                    run("a<b,c", 3, 0.75, 0.812)));

    @Test
    void shouldTakeForgettingFromTheBestScoreSoFar() {
        // Given
        RunResult run = run("plain", 1, 0.5, 0.7, 0.6);

        // When / Then
        assertThat(run.forgetting("known", 0)).isZero();
        assertThat(run.forgetting("known", 1)).isZero();
        assertThat(run.forgetting("known", 2)).isEqualTo(0.7 - 0.6);
    }

    @Test
    void shouldShowWhatIsSignificant() {
        // When
        String table = new TableFile("./millrace compare", Map.of("stream", "some")).text(results);

        // Then
        assertThat(table)
                .contains("corrected for the 1 comparisons of this table")
                .contains("| known | plain | 3 | 70.3 ± 1.4 % |  |  |  |  | 1.0 ± 2.5 |\n")
                .contains(
                        "| known | a<b,c | 3 | 80.4 ± 1.7 % | +10.1 ± 0.2 | <0.001 | <0.001 | significant | 0.0 ± 0.0 |\n")
                .contains("| a<b,c | 100.00 | 3.13 | 1.00 | 9 | 3 |\n")
                .doesNotContain("absent");
    }

    @Test
    void shouldSayWhatCannotBeTested() {
        // Given
        Results equal = Results.of(
                List.of("plain", "other"),
                List.of(run("plain", 1, 0.70), run("plain", 2, 0.71), run("other", 1, 0.75), run("other", 2, 0.76)));

        // When
        String table = new TableFile("./millrace compare", Map.of("stream", "some")).text(equal);

        // Then
        assertThat(table)
                .contains("corrected for the 0 comparisons of this table")
                .contains("| +5.0 ± 0.0 |  |  | cannot be tested: the same difference with every seed |")
                .doesNotContain("| significant |");
    }

    @Test
    void shouldWriteEveryNumber() {
        // When
        List<String> csv = RunsCsv.of(results).lines().toList();

        // Then
        assertThat(csv)
                .hasSize(1 + 6 * (2 + 4))
                .contains(
                        "plain,2,1,32,known,accuracy,0.72,0.0",
                        "\"a<b,c\",3,2,64,known,accuracy,0.812,0.0",
                        "\"a<b,c\",3,2,64,,updates-not-applied,1,",
                        "\"a<b,c\",3,2,64,,seconds-per-example,0.003125,");
    }

    @Test
    void shouldDrawALineAMethod() throws Exception {
        // When
        Document drawing = parsed(Curves.of(results));

        // Then
        assertThat(pointsPerLine(drawing)).containsExactly(2, 2);
        assertThat(drawing.getDocumentElement().getTextContent()).contains("a<b,c", "known", "accuracy, %", "examples");
    }

    @Test
    void shouldDrawMethodsWithDifferentNumbersOfEvaluations() throws Exception {
        // Given
        Results uneven = Results.of(List.of("plain"), List.of(run("plain", 1, 0.5), run("other", 1, 0.5, 0.6, 0.7)));

        // When
        Document drawing = parsed(Curves.of(uneven));

        // Then
        assertThat(pointsPerLine(drawing)).containsExactly(1, 3);
    }

    @Test
    void shouldEndAxesAtRoundNumbers() {
        // When
        Scale scale = Scale.over(61.3, 74.9, 0, 100);

        // Then
        assertThat(scale.ticks()).containsExactly(60.0, 65.0, 70.0, 75.0);
        assertThat(scale.at(67.5)).isEqualTo(50);
        assertThat(scale.shown(65)).isEqualTo("65");
    }

    @Test
    void shouldDrawScoresThatAreAllAlike() {
        // When
        String drawing = Curves.of(Results.of(List.of("plain"), List.of(run("plain", 1, 0, 0))));

        // Then
        assertThat(drawing).contains(">0.0</text>", ">1.0</text>").doesNotContain("NaN");
    }

    private static Document parsed(String drawing) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(drawing)));
    }

    private static List<Integer> pointsPerLine(Document drawing) {
        NodeList lines = drawing.getElementsByTagName("polyline");
        return IntStream.range(0, lines.getLength())
                .mapToObj(i -> ((Element) lines.item(i)).getAttribute("points"))
                .map(points -> points.split(" ", -1).length)
                .toList();
    }

    private static RunResult run(String method, long seed, double... known) {
        List<Evaluation> evaluations = new ArrayList<>();
        for (int i = 0; i < known.length; i++) {
            evaluations.add(
                    new Evaluation(i + 1, 32L * (i + 1), List.of(new Score("known", Measure.ACCURACY, known[i]))));
        }
        return new RunResult(
                NONE, method, "objective.method=" + method, seed, evaluations, new Cost(0.1, 0.1 / 32, 1, 9));
    }
}
