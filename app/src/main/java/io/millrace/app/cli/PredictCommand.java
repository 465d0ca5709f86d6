package io.millrace.app.cli;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.models.ModelFiles;
import io.millrace.app.models.TaskModels;
import io.millrace.app.predict.Prediction;
import io.millrace.app.predict.PredictionRun;
import io.millrace.encoder.Compute;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.schemas.ModelUpdate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code millrace predict}. */
@Command(
        name = "predict",
        description = "Classify texts with a checkpoint, or with any Hugging Face sequence-classification directory.")
public final class PredictCommand implements Callable<Integer> {

    private static final int TOP = 3;

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Which which;

    /** A directory, or a model by its name. */
    private static final class Which {

        @Option(
                names = "--checkpoint",
                paramLabel = "DIR",
                required = true,
                description = "Directory with config.json, model.safetensors and tokenizer.json.")
        private @Nullable Path checkpoint;

        @ArgGroup(exclusive = false)
        private @Nullable Judged judged;
    }

    /** A judged checkpoint of a task. */
    private static final class Judged {

        @Option(
                names = "--model",
                paramLabel = "ID",
                required = true,
                description = "A judged checkpoint, champion or challenger, as models list has them.")
        private String model;

        @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task of --model.")
        private String task;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description = "The configuration: the broker that knows --model, and the store.")
        private Path config;

        @Option(
                names = "--store",
                paramLabel = "DIR",
                description = "The store, if it is not the one in the configuration.")
        private @Nullable Path store;

        private Path directory() throws IOException, InterruptedException {
            MillraceConfig configuration = MillraceConfig.read(config);
            BrokerOptions.requireBroker(configuration.kafka());
            ModelUpdate update =
                    TaskModels.read(configuration.kafka(), task).named(model).update();
            return new ModelFiles(store == null ? configuration.store() : store).locate(update.model());
        }
    }

    @Parameters(
            paramLabel = "TEXT",
            arity = "0..*",
            description = "Texts to classify; without any, or with a single -, one text per line of standard input.")
    private List<String> texts = List.of();

    @Option(names = "--pair", description = "Texts come in pairs: text, text pair, text, text pair.")
    private boolean pairs;

    @Mixin
    private final JsonOption json = JsonOption.lines(Prediction.Answer.class);

    @Option(names = "--all", description = "Print all labels; default the " + TOP + " most probable.")
    private boolean all;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto (the first GPU if there is one, else the CPU), cpu or cuda:N; default auto.")
    private String device;

    @Override
    public Integer call() throws Exception {
        boolean fromInput = texts.isEmpty() || texts.equals(List.of("-"));
        if (pairs && !fromInput && texts.size() % 2 != 0) {
            throw new ParameterException(
                    spec.commandLine(), "--pair needs an even number of texts, got " + texts.size());
        }
        try (TextClassifier classifier = TextClassifier.load(directory(), compute())) {
            PredictionRun run = new PredictionRun(PredictionRun.modelOf(classifier), pairs, answer -> {
                json.print(answer.answer(), answer.lines(all ? Integer.MAX_VALUE : TOP));
            });
            if (fromInput) {
                run.classify(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
            } else {
                run.classify(texts);
            }
            if (classifier.truncated() > 0) {
                spec.commandLine()
                        .getErr()
                        .println(classifier.truncated() + " texts are longer than the model's " + classifier.maxTokens()
                                + " tokens: the rest was not read");
            }
        }
        return 0;
    }

    private Path directory() throws IOException, InterruptedException {
        if (which.judged != null) {
            return which.judged.directory();
        }
        return Objects.requireNonNull(which.checkpoint, "one of the two is given");
    }

    private Compute compute() {
        try {
            return new Compute(device, Precision.F32);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
