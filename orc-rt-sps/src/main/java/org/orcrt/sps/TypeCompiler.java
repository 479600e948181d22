// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.function.IntConsumer;

/// Writes the code that reads and writes values of a type, into one class.
///
/// A leaf is one call of the reader or the writer. A list or a record is a static method of the class, made once
/// for each type: `write` takes the writer and the value, `read` takes the reader. Whatever else there is has a
/// codec, which the class finds in its class data.
final class TypeCompiler {

    static final ClassDesc READER = desc(SpsReader.class);
    static final ClassDesc WRITER = desc(SpsWriter.class);
    static final ClassDesc CODEC = desc(SpsCodec.class);
    private static final ClassDesc LIST = desc(List.class);
    private static final ClassDesc ARRAY_LIST = desc(ArrayList.class);
    private static final int PRIVATE_STATIC = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;

    private final ClassDesc self;
    private final Map<SpsType, String> methods = new LinkedHashMap<>();
    private final List<Object> classData = new ArrayList<>();

    TypeCompiler(ClassDesc self) {
        this.self = self;
    }

    static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    /// What the class needs to be defined with, once it is written.
    List<Object> classData() {
        return classData;
    }

    /// On the stack: a writer and a value. Takes both.
    void write(CodeBuilder code, SpsType type) {
        switch (type) {
            case SpsType.Leaf leaf ->
                code.invokevirtual(WRITER, leaf.writeMethod, MethodTypeDesc.of(WRITER, desc(leaf.carrier)))
                        .pop();
            case SpsType.Boxed boxed -> {
                Class<?> primitive = boxed.leaf().javaType();
                code.invokevirtual(
                        desc(boxed.javaType()), primitive.getName() + "Value", MethodTypeDesc.of(desc(primitive)));
                write(code, boxed.leaf());
            }
            case SpsType.Delegate delegate -> {
                constant(code, delegate.codec());
                // the codec goes below the two
                code.dup_x2().pop().invokeinterface(CODEC, "write", MethodTypeDesc.of(CD_void, WRITER, CD_Object));
            }
            case SpsType.Sequence list -> code.invokestatic(self, "write" + method(list), writeType(list));
            case SpsType.Tuple record -> code.invokestatic(self, "write" + method(record), writeType(record));
        }
    }

    /// On the stack: a reader. Puts the value in its place.
    void read(CodeBuilder code, SpsType type) {
        switch (type) {
            case SpsType.Leaf leaf -> {
                code.invokevirtual(READER, leaf.readMethod, MethodTypeDesc.of(desc(leaf.carrier)));
                switch (leaf) {
                    case BYTE -> code.i2b();
                    case SHORT -> code.i2s();
                    case CHAR -> code.i2c();
                    default -> {}
                }
            }
            case SpsType.Boxed boxed -> {
                read(code, boxed.leaf());
                ClassDesc box = desc(boxed.javaType());
                code.invokestatic(
                        box, "valueOf", MethodTypeDesc.of(box, desc(boxed.leaf().javaType())));
            }
            case SpsType.Delegate delegate -> {
                constant(code, delegate.codec());
                code.swap()
                        .invokeinterface(CODEC, "read", MethodTypeDesc.of(CD_Object, READER))
                        .checkcast(desc(delegate.javaType()));
            }
            case SpsType.Sequence list -> code.invokestatic(self, "read" + method(list), readType(list));
            case SpsType.Tuple record -> code.invokestatic(self, "read" + method(record), readType(record));
        }
    }

    /// Puts a codec on the stack.
    void constant(CodeBuilder code, SpsCodec<?> codec) {
        int index = classData.indexOf(codec);
        if (index < 0) {
            index = classData.size();
            classData.add(codec);
        }
        code.ldc(
                DynamicConstantDesc.ofNamed(ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, CODEC, index));
    }

    /// Adds the methods that the code so far calls.
    void finish(ClassBuilder built) {
        // a method may ask for others
        for (int done = 0; done < methods.size(); done++) {
            SpsType type = List.copyOf(methods.keySet()).get(done);
            String name = method(type);
            built.withMethodBody("write" + name, writeType(type), PRIVATE_STATIC, code -> writeBody(code, type));
            built.withMethodBody("read" + name, readType(type), PRIVATE_STATIC, code -> readBody(code, type));
        }
    }

    private String method(SpsType type) {
        return methods.computeIfAbsent(type, made -> made.javaType().getSimpleName() + methods.size());
    }

    private static MethodTypeDesc writeType(SpsType type) {
        return MethodTypeDesc.of(CD_void, WRITER, desc(type.javaType()));
    }

    private static MethodTypeDesc readType(SpsType type) {
        return MethodTypeDesc.of(desc(type.javaType()), READER);
    }

    private void writeBody(CodeBuilder code, SpsType type) {
        if (type instanceof SpsType.Sequence list) {
            writeList(code, list.element());
        } else if (type instanceof SpsType.Tuple tuple) {
            ClassDesc record = desc(tuple.javaType());
            for (SpsType.Part part : tuple.parts()) {
                code.aload(0).aload(1);
                code.invokevirtual(
                        record, part.name(), MethodTypeDesc.of(desc(part.type().javaType())));
                write(code, part.type());
            }
            code.return_();
        }
    }

    private void readBody(CodeBuilder code, SpsType type) {
        if (type instanceof SpsType.Sequence list) {
            readList(code, list.element());
        } else if (type instanceof SpsType.Tuple tuple) {
            ClassDesc record = desc(tuple.javaType());
            code.new_(record).dup();
            List<ClassDesc> parts = new ArrayList<>();
            for (SpsType.Part part : tuple.parts()) {
                code.aload(0);
                read(code, part.type());
                parts.add(desc(part.type().javaType()));
            }
            code.invokespecial(record, ConstantDescs.INIT_NAME, MethodTypeDesc.of(CD_void, parts))
                    .areturn();
        }
    }

    /// `if (!(list instanceof RandomAccess)) list = new ArrayList(list);` and then by index, which takes no memory.
    private void writeList(CodeBuilder code, SpsType element) {
        Label indexed = code.newLabel();
        code.aload(1).instanceOf(desc(RandomAccess.class)).ifne(indexed);
        code.new_(ARRAY_LIST)
                .dup()
                .aload(1)
                .invokespecial(ARRAY_LIST, ConstantDescs.INIT_NAME, MethodTypeDesc.of(CD_void, desc(Collection.class)))
                .astore(1);
        code.labelBinding(indexed);
        int count = code.allocateLocal(TypeKind.INT);
        code.aload(1).invokeinterface(LIST, "size", MethodTypeDesc.of(CD_int)).istore(count);
        code.aload(0).iload(count).i2l();
        code.invokevirtual(WRITER, "count", MethodTypeDesc.of(WRITER, CD_long)).pop();
        loop(code, count, index -> {
            code.aload(0).aload(1).iload(index);
            code.invokeinterface(LIST, "get", MethodTypeDesc.of(CD_Object, CD_int));
            code.checkcast(desc(element.javaType()));
            write(code, element);
        });
        code.return_();
    }

    private void readList(CodeBuilder code, SpsType element) {
        int list = code.allocateLocal(TypeKind.REFERENCE);
        int count = code.allocateLocal(TypeKind.INT);
        code.aload(0)
                .loadConstant(element.minBytes())
                .invokevirtual(READER, "readLength", MethodTypeDesc.of(CD_int, CD_long))
                .istore(count);
        code.new_(ARRAY_LIST)
                .dup()
                .iload(count)
                .invokespecial(ARRAY_LIST, ConstantDescs.INIT_NAME, MethodTypeDesc.of(CD_void, CD_int))
                .astore(list);
        loop(code, count, index -> {
            code.aload(list).aload(0);
            read(code, element);
            code.invokevirtual(ARRAY_LIST, "add", MethodTypeDesc.of(CD_boolean, CD_Object))
                    .pop();
        });
        code.aload(list).areturn();
    }

    /// `for (int index = 0; index < count; index++)`
    private static void loop(CodeBuilder code, int count, IntConsumer body) {
        int index = code.allocateLocal(TypeKind.INT);
        Label test = code.newLabel();
        Label done = code.newLabel();
        code.iconst_0().istore(index);
        code.labelBinding(test);
        code.iload(index).iload(count).if_icmpge(done);
        body.accept(index);
        code.iinc(index, 1).goto_(test);
        code.labelBinding(done);
    }
}
