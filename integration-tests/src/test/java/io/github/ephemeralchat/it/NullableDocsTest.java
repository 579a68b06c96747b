package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.tree.AnnotatedTypeTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What may be null in the API says in its Javadoc what null means. */
class NullableDocsTest {

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final Pattern NULL = Pattern.compile("\\bnull\\b");

    @Test
    void javadocSaysWhatNullMeans() throws IOException {
        List<Path> exported = JavadocExamplesTest.sources().stream()
                .filter(file -> !file.toString().contains("/internal/"))
                .toList();
        try (StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            assertThat(silent(files.getJavaFileObjectsFromPaths(exported))).isEmpty();
        }
    }

    @Test
    void javadocThatIsSilentOnNullIsFound() throws IOException {
        String source = """
                import org.jspecify.annotations.Nullable;
                /**
                 * A record.
                 *
                 * @param said null if there is none
                 * @param silent what it is
                 */
                public record Sample(@Nullable String said, @Nullable String silent) {
                    /** Refuses nothing. */
                    public Sample {}
                    /**
                     * Does it.
                     *
                     * @param said null for none
                     * @param silent what it is
                     * @return what comes
                     */
                    public static byte @Nullable [] make(@Nullable String said, @Nullable String silent) {
                        return null;
                    }
                    /** {@return what comes, or null} */
                    public @Nullable String find() {
                        return null;
                    }
                    static @Nullable String hidden() {
                        return null;
                    }
                }
                """;
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Sample.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        assertThat(silent(List.of(file)))
                .containsExactlyInAnyOrder("Sample: silent", "Sample.make: silent", "Sample.make: the result");
    }

    private static List<String> silent(Iterable<? extends JavaFileObject> sources) throws IOException {
        JavacTask task = (JavacTask) COMPILER.getTask(null, null, null, List.of("-proc:none"), null, sources);
        Reader reader = new Reader(DocTrees.instance(task));
        for (CompilationUnitTree file : task.parse()) {
            reader.scan(file, null);
        }
        return reader.found;
    }

    /** Goes through what is public. */
    private static final class Reader extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final DocTrees docs;
        private final List<String> found = new ArrayList<>();

        Reader(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            if (!isPublic(type.getModifiers())) {
                return null;
            }
            components(type)
                    .forEach(component -> check(component, type.getSimpleName().toString()));
            return super.visitClass(type, null);
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            ModifiersTree modifiers = method.getModifiers();
            ClassTree type = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            if (isPublic(modifiers) && !has(modifiers.getAnnotations(), "Override") && !isCompact(method, type)) {
                String name = type.getSimpleName() + "." + method.getName();
                method.getParameters().forEach(parameter -> check(parameter, name));
                if (isNullable(modifiers, method.getReturnType()) && !says(tag -> tag instanceof ReturnTree)) {
                    found.add(name + ": the result");
                }
            }
            return null;
        }

        private static Stream<VariableTree> components(ClassTree type) {
            return type.getKind() != Tree.Kind.RECORD
                    ? Stream.empty()
                    : type.getMembers().stream()
                            .filter(VariableTree.class::isInstance)
                            .map(VariableTree.class::cast)
                            .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC));
        }

        /** Whether a constructor has the record's components, which the record documents. */
        private static boolean isCompact(MethodTree method, ClassTree type) {
            return method.getName().contentEquals("<init>")
                    && names(method.getParameters().stream()).equals(names(components(type)))
                    && type.getKind() == Tree.Kind.RECORD;
        }

        private static List<String> names(Stream<? extends VariableTree> variables) {
            return variables.map(each -> each.getName().toString()).toList();
        }

        /** What an interface has is public without a word. */
        private boolean isPublic(ModifiersTree modifiers) {
            boolean isInInterface = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || (isInInterface && !modifiers.getFlags().contains(Modifier.PRIVATE));
        }

        private void check(VariableTree variable, String where) {
            String name = variable.getName().toString();
            if (isNullable(variable.getModifiers(), variable.getType())
                    && !says(tag -> tag instanceof ParamTree parameter
                            && parameter.getName().getName().contentEquals(name))) {
                found.add(where + ": " + name);
            }
        }

        private static boolean isNullable(ModifiersTree modifiers, @Nullable Tree type) {
            return has(modifiers.getAnnotations(), "Nullable")
                    || (type instanceof AnnotatedTypeTree annotated && has(annotated.getAnnotations(), "Nullable"));
        }

        private static boolean has(List<? extends AnnotationTree> annotations, String name) {
            return annotations.stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals(name));
        }

        /** Whether a part of the Javadoc of what is being visited says of null. */
        private boolean says(Predicate<DocTree> part) {
            DocCommentTree javadoc = docs.getDocCommentTree(getCurrentPath());
            return javadoc != null
                    && Stream.concat(javadoc.getFullBody().stream(), javadoc.getBlockTags().stream())
                            .filter(part)
                            .anyMatch(each -> NULL.matcher(each.toString()).find());
        }
    }
}
