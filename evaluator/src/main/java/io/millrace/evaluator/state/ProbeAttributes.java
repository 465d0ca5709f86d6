package io.millrace.evaluator.state;

import io.millrace.schemas.LabelledExample;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The attributes of probe examples that have a meaning of their own; docs/scores.md shows each. */
public final class ProbeAttributes {

    /** Examples with the same value form a contrast set. */
    public static final String GROUP = "group";

    /** Id of the example that this one perturbs: in the same probe set, or {@code probeSet/id}. */
    public static final String PERTURBS = "perturbs";

    /** The capability that an example checks. */
    public static final String CHECKLIST = "checklist";

    /** Whether the text belongs to the task at all; {@link #OUT} says that it does not. */
    public static final String SCOPE = "scope";

    /** The value of {@link #SCOPE}, for a text that belongs to none of the task's labels. */
    public static final String OUT = "out";

    /** The label of a text that belongs to none of the task's other labels. */
    public static final String OUT_OF_SCOPE_LABEL = "oos";

    /** Those whose values name examples and make no slices. */
    public static final Set<String> NAMING_EXAMPLES = Set.of(GROUP, PERTURBS);

    private ProbeAttributes() {}

    /** The value of an attribute. */
    public static Optional<String> of(LabelledExample example, String attribute) {
        Map<String, String> attributes = example.attributes();
        return attributes == null ? Optional.empty() : Optional.ofNullable(attributes.get(attribute));
    }

    /** Whether a text belongs to none of the task's labels. */
    public static boolean isOutOfScope(LabelledExample example) {
        return OUT_OF_SCOPE_LABEL.equals(example.label())
                || of(example, SCOPE).filter(OUT::equals).isPresent();
    }
}
