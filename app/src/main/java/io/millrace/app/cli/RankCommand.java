package io.millrace.app.cli;

import io.millrace.app.console.Table;
import io.millrace.app.pretrain.RankRun;
import io.millrace.app.pretrain.TextFiles;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EffectiveRank;
import io.millrace.encoder.Precision;
import io.millrace.schemas.UnlabelledText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code millrace rank}. */
@Command(
        name = "rank",
        description = {
            "Measure the effective rank of an encoder's token representations, layer by layer.",
            "The rank is how many directions hold 90 % of the energy, with and without the mean."
        })
public final class RankCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--encoder",
            paramLabel = "DIR",
            required = true,
            description = "Directory with config.json, model.safetensors and tokenizer.json.")
    private Path encoder;

    @Mixin
    private TextsOption texts;

    @Mixin
    private FormatOptions format;

    @Mixin
    private final JsonOption json = JsonOption.one(Answer.class);

    /**
     * The answer.
     *
     * @param texts how many texts were taken
     * @param states the embeddings, then every layer
     */
    record Answer(int texts, List<State> states) {}

    /**
     * The token representations after one layer.
     *
     * @param state which layer
     * @param rank their effective rank
     * @param rankLessMean the same after their mean is taken off
     */
    record State(String state, int rank, int rankLessMean) {}

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "2000",
            description = "How many of the texts to take; default 2000.")
    private int limit;

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be above 0, got " + limit);
        }
        List<String> sample = new ArrayList<>();
        Iterator<UnlabelledText> all =
                TextFiles.open(texts.files(format), 1, 0, 0).from(0);
        while (all.hasNext() && sample.size() < limit) {
            sample.add(all.next().text());
        }
        List<EffectiveRank.Ranks> ranks = RankRun.of(encoder, new Compute("auto", Precision.F32), sample);
        List<State> states = new ArrayList<>();
        for (int layer = 0; layer < ranks.size(); layer++) {
            states.add(new State(
                    layer == 0 ? "embeddings" : "layer " + layer,
                    ranks.get(layer).plain(),
                    ranks.get(layer).centred()));
        }
        List<List<String>> rows = states.stream()
                .map(state ->
                        List.of(state.state(), Integer.toString(state.rank()), Integer.toString(state.rankLessMean())))
                .toList();
        json.print(
                new Answer(sample.size(), states),
                new Table(List.of("state", "rank", "rank less the mean"), rows).lines());
        return 0;
    }
}
