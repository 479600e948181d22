// SPDX-License-Identifier: Apache-2.0
package org.orcrt.it.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/// How long files and methods are and how many parameters methods take, as javac's parser sees them.
///
/// @param files every Java file
/// @param methods every method and constructor, also of nested and anonymous classes; abstract ones have 0 lines
/// @param classes every top-level class, record and enum
record SourceSizes(List<FileSize> files, List<MethodSize> methods, List<TopLevelClass> classes) {

    /// A file and its lines, blank ones and comments included.
    record FileSize(String name, int lines) {}

    /// A method, the lines from its first modifier to its closing brace, and what a caller must think of.
    record MethodSize(String name, int lines, int parameters) {}

    /// A class, and whether nobody outside its package can extend it: package-private, final, a record or an enum.
    record TopLevelClass(String name, boolean closed) {}

    static SourceSizes of(Iterable<? extends JavaFileObject> sources) throws IOException {
        var sizes = new SourceSizes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        var options = List.of("-proc:none");
        var task = (JavacTask) ToolProvider.getSystemJavaCompiler().getTask(null, null, null, options, null, sources);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        for (CompilationUnitTree unit : task.parse()) {
            new Scanner(sizes, unit, positions).scan(unit, null);
        }
        return sizes;
    }

    private static final class Scanner extends TreeScanner<Void, ClassTree> {

        private final SourceSizes sizes;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final String packageName;

        Scanner(SourceSizes sizes, CompilationUnitTree unit, SourcePositions positions) {
            this.sizes = sizes;
            this.unit = unit;
            this.positions = positions;
            this.packageName =
                    unit.getPackageName() == null ? "" : unit.getPackageName().toString();
        }

        @Override
        public Void visitCompilationUnit(CompilationUnitTree file, ClassTree none) {
            sizes.files.add(new FileSize(
                    file.getSourceFile().getName(), (int) positionLine(positions.getEndPosition(unit, file))));
            return super.visitCompilationUnit(file, none);
        }

        @Override
        public Void visitClass(ClassTree type, ClassTree outer) {
            boolean isInterface = type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
            if (outer == null && !isInterface) {
                var modifiers = type.getModifiers().getFlags();
                boolean closed = type.getKind() != Tree.Kind.CLASS
                        || modifiers.contains(Modifier.FINAL)
                        || !modifiers.contains(Modifier.PUBLIC);
                sizes.classes.add(new TopLevelClass(packageName + "." + type.getSimpleName(), closed));
            }
            return super.visitClass(type, type);
        }

        @Override
        public Void visitMethod(MethodTree method, ClassTree owner) {
            String name = "%s.%s.%s".formatted(packageName, owner.getSimpleName(), method.getName());
            sizes.methods.add(new MethodSize(name, bodyLines(method), parameters(method, owner)));
            return super.visitMethod(method, owner);
        }

        private int bodyLines(MethodTree method) {
            return method.getBody() == null
                    ? 0
                    : (int) (positionLine(positions.getEndPosition(unit, method))
                            - positionLine(positions.getStartPosition(unit, method))
                            + 1);
        }

        private long positionLine(long position) {
            return unit.getLineMap().getLineNumber(position);
        }

        /// Three exemptions. A record's canonical constructor is dictated by its fields. In the module with native
        /// calls a method is a C function if all but its first parameter are numbers and segments: up to 6
        /// register arguments behind its address. And bytes travel as (segment, offset, length): one thing in
        /// three parameters.
        private int parameters(MethodTree method, ClassTree owner) {
            List<? extends VariableTree> parameters = method.getParameters();
            boolean canonical = owner.getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
            boolean nativeCall = packageName.equals("org.orcrt.ffm")
                    && parameters.size() <= 7
                    && parameters.stream().skip(1).allMatch(Scanner::isWord);
            if (canonical || nativeCall) {
                return 0;
            }
            int count = parameters.size();
            for (int i = 0; i + 2 < parameters.size(); i++) {
                if (isBytes(parameters.get(i))
                        && isNamed("offset", parameters.get(i + 1))
                        && isNamed("length|bytes|limit", parameters.get(i + 2))) {
                    count -= 2;
                }
            }
            return count;
        }

        private static boolean isWord(VariableTree parameter) {
            return parameter.getType().getKind() == Tree.Kind.PRIMITIVE_TYPE
                    || parameter.getType().toString().equals("MemorySegment");
        }

        private static boolean isBytes(VariableTree parameter) {
            String type = parameter.getType().toString();
            return type.equals("MemorySegment") || type.equals("byte[]");
        }

        private static boolean isNamed(String ending, VariableTree parameter) {
            return parameter.getName().toString().toLowerCase(Locale.ROOT).matches(".*(" + ending + ")");
        }
    }
}
