package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A task's announcements by id, and the chain of ancestors of each. */
final class Ancestry {

    private final Map<String, CheckpointAnnouncement> byId = new HashMap<>();

    Ancestry(List<CheckpointAnnouncement> history) {
        history.forEach(announcement -> byId.put(announcement.checkpoint().id(), announcement));
    }

    /** Ids of all checkpoints announced so far. */
    Set<String> ids() {
        return byId.keySet();
    }

    /** A checkpoint and its ancestors, newest first; empty for no id. */
    List<CheckpointAnnouncement> chain(Optional<String> id) {
        List<CheckpointAnnouncement> chain = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        CheckpointAnnouncement link = byId.get(id.orElse(null));
        while (link != null && seen.add(link.checkpoint().id())) {
            chain.add(link);
            link = byId.get(link.parent());
        }
        return chain;
    }
}
