package io.millrace.trainer.learner;

import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.UnlabelledText;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Turns the examples and texts of a step into tokens, targets and weights. */
record Collator(TextTokenizer tokenizer, Workers workers) {

    /** The batch of one step. The labels of the examples are labels of {@code head}. */
    TokenizedExamples collate(OutputHead head, List<LabelledExample> examples, List<UnlabelledText> unlabelled) {
        double[] weights = examples.stream()
                .mapToDouble(example -> example.weight() == null ? 1 : example.weight())
                .toArray();
        return new TokenizedExamples(
                tokenize(examples.stream()
                        .map(example -> new TextInput(example.text(), example.textPair()))
                        .toList()),
                examples.stream().mapToDouble(example -> target(example, head)).toArray(),
                Arrays.stream(weights).allMatch(weight -> weight == 1) ? Optional.empty() : Optional.of(weights),
                head.kind() == OutputHead.Kind.SCORE,
                tokenize(unlabelled.stream()
                        .map(text -> new TextInput(text.text(), null))
                        .toList()),
                tokenizer.maskId());
    }

    private List<TokenizedText> tokenize(List<TextInput> inputs) {
        int each = (inputs.size() + workers.count() - 1) / workers.count();
        int parts = each == 0 ? 0 : (inputs.size() + each - 1) / each;
        return workers
                .run(
                        parts,
                        part -> tokenizer.tokenize(
                                inputs.subList(part * each, Math.min(inputs.size(), (part + 1) * each))))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Index of an example's label among those of the head, or the number itself for a regression. */
    static double target(LabelledExample example, OutputHead head) {
        if (head.kind() == OutputHead.Kind.SCORE) {
            return Double.parseDouble(example.label());
        }
        int label = head.labels().indexOf(example.label());
        if (label < 0) {
            throw new IllegalArgumentException("example " + example.id() + " has the label \"" + example.label()
                    + "\", which is none of the model's. Ingest and trainer must share one configuration.");
        }
        return label;
    }
}
