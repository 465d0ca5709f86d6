package io.millrace.compare;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.learner.Learner;
import io.millrace.trainer.learner.StepResult;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The trainer's own learner.
 *
 * @param learner the learner
 */
record LearnerModel(Learner learner) implements TrainableModel {

    private static final Set<String> MODEL_FILES =
            Set.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");

    static TrainableModel start(TrainedTask trained) {
        return new LearnerModel(Learner.start(trained));
    }

    @Override
    public MiniBatchResult learn(List<LabelledExample> examples) {
        StepResult result = learner.learn(examples, List.of());
        return new MiniBatchResult(result.batch().rightCount(), result.applied());
    }

    @Override
    public List<String> labels() {
        return learner.labels();
    }

    @Override
    public float[][] outputs(List<TextInput> texts) {
        return learner.outputs(texts);
    }

    /** Leaves out the files that only further training needs. */
    @Override
    public void save(Path directory) throws IOException {
        learner.save(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!MODEL_FILES.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() {
        learner.close();
    }
}
