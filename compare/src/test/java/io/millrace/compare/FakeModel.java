package io.millrace.compare;

import io.millrace.encoder.tokens.TextInput;
import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.config.TrainedTask;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Learns texts by heart: it is sure of the label of a text that it has seen, and takes any other for the first label. */
final class FakeModel implements TrainableModel {

    private static final float SURE = 0.9f;

    private final TrainedTask trained;
    private final List<List<String>> trainedIds = new ArrayList<>();
    private final List<LabelledExample> known = new ArrayList<>();
    private boolean closed;

    FakeModel(TrainedTask trained) {
        this.trained = trained;
    }

    /** The ids of the mini-batches, in their order. */
    List<List<String>> trainedIds() {
        return trainedIds;
    }

    TrainedTask trained() {
        return trained;
    }

    boolean isClosed() {
        return closed;
    }

    /** A text that says so cannot be learned from. */
    @Override
    public MiniBatchResult learn(List<LabelledExample> examples) {
        int right = (int) examples.stream()
                .filter(example -> answer(example.text()).equals(example.label()))
                .count();
        trainedIds.add(examples.stream().map(LabelledExample::id).toList());
        boolean applied = examples.stream().noneMatch(example -> example.text().startsWith("not finite"));
        if (applied) {
            known.addAll(examples);
        }
        return new MiniBatchResult(right, applied);
    }

    @Override
    public List<String> labels() {
        return trained.task().labels();
    }

    @Override
    public float[][] outputs(List<TextInput> texts) {
        return texts.stream()
                .map(text -> labels().isEmpty() ? number(text.text()) : row(text.text()))
                .toArray(float[][]::new);
    }

    @Override
    public void save(Path directory) throws IOException {
        Files.writeString(directory.resolve("model"), trained.training().seed().toString());
    }

    @Override
    public void close() {
        closed = true;
    }

    private float[] number(String text) {
        return new float[] {isKnown(text) ? Float.parseFloat(answer(text)) : 0};
    }

    private float[] row(String text) {
        int classes = labels().size();
        float[] row = new float[classes];
        float sure = isKnown(text) ? SURE : 1.0f / classes;
        for (int i = 0; i < classes; i++) {
            row[i] = i == labels().indexOf(answer(text)) ? sure : (1 - sure) / (classes - 1);
        }
        return row;
    }

    private boolean isKnown(String text) {
        return known.stream().anyMatch(example -> meaning(example.text()).equals(meaning(text)));
    }

    private String answer(String text) {
        return known.stream()
                .filter(example -> meaning(example.text()).equals(meaning(text)))
                .map(LabelledExample::label)
                .reduce((first, last) -> last)
                .orElse(labels().isEmpty() ? "0" : labels().get(0));
    }

    /** A text means what its first word says: a probe may say it in other words than the stream. */
    private static String meaning(String text) {
        int end = text.indexOf(' ');
        return end < 0 ? text : text.substring(0, end);
    }
}
