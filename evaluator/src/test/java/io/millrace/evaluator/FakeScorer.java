package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.store.CorruptCheckpointException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model whose weights are its accuracy, in words: {@code 0.7} gets 0.7 on every probe set. */
final class FakeScorer implements CheckpointJudge.Scorer {

    private final List<String> asked = new ArrayList<>();

    @Override
    public List<ProbeScore> score(Path model, EvaluatedTask task, List<ProbeSet> probeSets) {
        String weights = weightsOf(model);
        if (weights.equals("broken")) {
            throw new CorruptCheckpointException("the weights are broken");
        }
        double accuracy = Double.parseDouble(weights);
        asked.add(weights + " on " + probeSets.stream().map(ProbeSet::name).toList());
        return probeSets.stream()
                .map(probeSet -> new ProbeScore(probeSet.reference(), accuracy, 0.1, 0.2, 0.3))
                .toList();
    }

    /** Which weights were scored on which probe sets, in order. */
    List<String> asked() {
        return asked;
    }

    private static String weightsOf(Path model) {
        try {
            return Files.readString(model.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
